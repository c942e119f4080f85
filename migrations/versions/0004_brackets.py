"""Brackets that are open, and orders kept under a name."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_UPGRADE = (
    "ALTER TABLE orders ADD COLUMN bracket bigint",
    "COMMENT ON COLUMN orders.bracket IS 'the entry whose exit it is'",
    "CREATE INDEX ix_orders_bracket ON orders (bracket) WHERE bracket IS NOT NULL",
    """CREATE TABLE brackets (
        key bigint CONSTRAINT pk_brackets PRIMARY KEY,
        seq bigint NOT NULL
    )""",
    "COMMENT ON COLUMN brackets.key IS 'its entry''s'",
    "COMMENT ON COLUMN brackets.seq IS 'the entry that holds its newest state'",
    """CREATE TABLE templates (
        name text CONSTRAINT pk_templates PRIMARY KEY,
        seq bigint NOT NULL
    )""",
    "COMMENT ON COLUMN templates.seq IS 'the entry that holds it'",
)

# For who has been here before and went back. The bodies are read as text: one with a NUL in
# somebody's words cannot be taken apart as JSON.
_REMEMBER = (
    r"""UPDATE orders SET bracket = substring(body::text FROM '"bracket":(\d+)')::bigint
        FROM journal WHERE journal.seq = orders.seq AND body::text ~ '"bracket":\d'""",
    """INSERT INTO brackets SELECT order_key, seq FROM (
        SELECT DISTINCT ON (order_key) order_key, seq, kind FROM journal
        WHERE kind LIKE 'Bracket%' AND order_key IS NOT NULL
        ORDER BY order_key, seq DESC
    ) AS newest WHERE kind <> 'BracketClosed'""",
    """INSERT INTO templates SELECT name, seq FROM (
        SELECT DISTINCT ON (name) name, seq, kind FROM (
            SELECT substring(body::text FROM '"name":"([^"]*)"') AS name, seq, kind FROM journal
            WHERE kind IN ('TemplateSaved', 'TemplateDeleted')
        ) AS told ORDER BY name, seq DESC
    ) AS newest WHERE kind = 'TemplateSaved'""",
)


def upgrade() -> None:
    """Make both tables, and room for an exit to name its entry."""
    for statement in (*_UPGRADE, *_REMEMBER):
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    """Drop both; the journal still holds what they pointed at."""
    op.execute("DROP TABLE templates")
    op.execute("DROP TABLE brackets")
    op.execute("ALTER TABLE orders DROP COLUMN bracket")
