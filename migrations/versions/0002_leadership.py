"""Who leads, and that nobody writes in an epoch that is over."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_MOMENT = "timestamp with time zone"
_WRITERS_LOCK = 7_266_427_112

# In SQL, and not to be inlined: each statement of a volatile function sees what was committed
# when it begins. A plain subquery beside the lock would see what was there before the wait for it.
_UPGRADE = (
    f"""CREATE TABLE leadership (
        id smallint CONSTRAINT pk_leadership PRIMARY KEY
            CONSTRAINT ck_leadership_one CHECK (id = 1),
        epoch bigint NOT NULL,
        name text NOT NULL,
        process text NOT NULL,
        taken_at {_MOMENT} NOT NULL,
        renewed_at {_MOMENT} NOT NULL,
        expires_at {_MOMENT}
    ) WITH (fillfactor = 50)""",
    "COMMENT ON COLUMN leadership.epoch IS 'how many reigns there were'",
    "COMMENT ON COLUMN leadership.name IS 'the service that leads, or led last'",
    "COMMENT ON COLUMN leadership.process IS 'its mark; empty where it has none'",
    "COMMENT ON COLUMN leadership.expires_at IS 'null once it has stepped down'",
    "INSERT INTO leadership VALUES (1, 0, '', '', now(), now(), NULL)",
    """CREATE FUNCTION epoch_is_over() RETURNS boolean LANGUAGE plpgsql AS
        $$ BEGIN RAISE 'another epoch has begun' USING ERRCODE = 'GN001'; END $$""",
    f"""CREATE FUNCTION writers_turn() RETURNS boolean LANGUAGE sql VOLATILE AS $$
        SELECT pg_advisory_xact_lock({_WRITERS_LOCK});
        SELECT coalesce(nullif(current_setting('genesis.epoch', true), '')::bigint, epoch) = epoch
            OR epoch_is_over() FROM leadership
    $$""",  # noqa: S608 - a number of ours
)
_DOWNGRADE = (
    "DROP FUNCTION writers_turn",
    "DROP FUNCTION epoch_is_over",
    "DROP TABLE leadership",
)


def upgrade() -> None:
    """Nobody leads yet."""
    for statement in _UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    """Whoever writes is on its own again."""
    for statement in _DOWNGRADE:
        op.execute(statement)
