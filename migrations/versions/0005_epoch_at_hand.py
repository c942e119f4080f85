"""The epoch where a writer reads it at the least cost."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_WRITERS_LOCK = 7_266_427_112
_MINE = "nullif(current_setting('genesis.epoch', true), '')::bigint"
_NOW = "pg_sequence_last_value('leadership_epoch'::regclass)"

# A sequence has no snapshot: what is read after the wait for the lock is what stands then, so one
# expression does, which costs a tenth of a query. Whoever changes the epoch has the same lock.
_UPGRADE = (
    "CREATE SEQUENCE leadership_epoch MINVALUE 0",
    "SELECT setval('leadership_epoch', epoch) FROM leadership",
    """CREATE FUNCTION epoch_begins() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM setval('leadership_epoch', NEW.epoch); RETURN NULL; END $$""",
    """CREATE TRIGGER epoch_begins AFTER UPDATE OF epoch ON leadership
        FOR EACH ROW EXECUTE FUNCTION epoch_begins()""",
    f"""CREATE OR REPLACE FUNCTION writers_turn() RETURNS boolean LANGUAGE sql VOLATILE AS $$
        SELECT CASE WHEN pg_advisory_xact_lock({_WRITERS_LOCK}) IS NOT NULL
            THEN coalesce({_MINE}, {_NOW}) = {_NOW} OR epoch_is_over() END
    $$""",
)
_DOWNGRADE = (
    f"""CREATE OR REPLACE FUNCTION writers_turn() RETURNS boolean LANGUAGE sql VOLATILE AS $$
        SELECT pg_advisory_xact_lock({_WRITERS_LOCK});
        SELECT coalesce({_MINE}, epoch) = epoch OR epoch_is_over() FROM leadership
    $$""",  # noqa: S608 - a name and a number of ours
    "DROP TRIGGER epoch_begins ON leadership",
    "DROP FUNCTION epoch_begins",
    "DROP SEQUENCE leadership_epoch",
)


def upgrade() -> None:
    """Begin where the lease stands."""
    for statement in _UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    """Read it from the lease again."""
    for statement in _DOWNGRADE:
        op.execute(statement)
