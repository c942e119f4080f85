"""Which nonces each API key has used up."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.execute(
        """CREATE TABLE nonces (
            key text CONSTRAINT pk_nonces PRIMARY KEY,
            free bigint NOT NULL
        )"""
    )
    op.execute("COMMENT ON COLUMN nonces.key IS 'a fingerprint of the API key'")
    op.execute("COMMENT ON COLUMN nonces.free IS 'the lowest number that nobody was given'")


def downgrade() -> None:
    """Drop the table."""
    op.execute("DROP TABLE nonces")
