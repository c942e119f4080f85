"""Where the secrets of people's authenticators are kept."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_COMMENTS = {
    "confirmed": "whether it counts",
    "last_step": "no code up to this one counts again",
    "failures": "wrong codes in a row",
    "lockouts": "lock-outs in a row",
}


def upgrade() -> None:
    """Make the table; what is done in the chat leaves no words behind."""
    op.execute(
        """CREATE TABLE second_factors (
            actor_id text CONSTRAINT pk_second_factors PRIMARY KEY,
            secret bytea NOT NULL,
            begun_at timestamptz NOT NULL,
            confirmed boolean NOT NULL,
            last_step bigint NOT NULL,
            failures smallint NOT NULL,
            lockouts smallint NOT NULL,
            locked_until timestamptz
        )"""
    )
    for column, words in _COMMENTS.items():
        op.execute(f"COMMENT ON COLUMN second_factors.{column} IS '{words}'")
    op.execute("UPDATE inbox SET body = '' WHERE done_at IS NOT NULL")


def downgrade() -> None:
    """Drop it: nobody's authenticator counts any more."""
    op.execute("DROP TABLE second_factors")
