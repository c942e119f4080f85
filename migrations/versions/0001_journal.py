"""The journal, what follows from it, and the chat's small stores."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_MOMENT = "timestamp with time zone"

_JOURNAL = (
    f"""CREATE TABLE journal (
        seq bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_journal PRIMARY KEY,
        kind text NOT NULL,
        at {_MOMENT} NOT NULL,
        order_key bigint,
        order_keys bigint[],
        body json NOT NULL,
        recorded_at {_MOMENT} DEFAULT now() NOT NULL
    )""",
    "COMMENT ON COLUMN journal.order_key IS 'the one order it is about'",
    "COMMENT ON COLUMN journal.order_keys IS 'the orders it is about, where several'",
    """CREATE INDEX ix_journal_order_key_seq ON journal (order_key, seq)
        WHERE order_key IS NOT NULL""",
    """CREATE INDEX ix_journal_order_keys ON journal USING gin (order_keys)
        WHERE order_keys IS NOT NULL""",
    """CREATE FUNCTION journal_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE 'the journal is append-only'; END $$""",
    """CREATE TRIGGER journal_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal
        FOR EACH STATEMENT EXECUTE FUNCTION journal_is_append_only()""",
    f"""CREATE TABLE commands (
        command_id text CONSTRAINT pk_commands PRIMARY KEY,
        seq bigint,
        claimed_at {_MOMENT} DEFAULT now() NOT NULL
    )""",
    "COMMENT ON COLUMN commands.seq IS 'the first entry it made; null when it made none'",
    f"""CREATE TABLE readers (
        name text CONSTRAINT pk_readers PRIMARY KEY,
        seq bigint NOT NULL CONSTRAINT ck_readers_seq CHECK (seq >= 0),
        moved_at {_MOMENT} DEFAULT now() NOT NULL
    )""",
)

_PROJECTIONS = (
    f"""CREATE TABLE orders (
        key bigint CONSTRAINT pk_orders PRIMARY KEY,
        order_id bigint,
        symbol text NOT NULL,
        status text NOT NULL,
        origin text NOT NULL,
        command_id text,
        closed_at {_MOMENT},
        seq bigint NOT NULL
    ) WITH (fillfactor = 70)""",
    "COMMENT ON COLUMN orders.seq IS 'the entry that holds its newest state'",
    "COMMENT ON COLUMN orders.closed_at IS 'when it became final; null while open or lost'",
    "CREATE INDEX ix_orders_command_id ON orders (command_id) WHERE command_id IS NOT NULL",
    "CREATE INDEX ix_orders_open ON orders (key) WHERE closed_at IS NULL",
    "CREATE INDEX ix_orders_closed_at_key ON orders (closed_at, key) WHERE closed_at IS NOT NULL",
    f"""CREATE TABLE fills (
        trade_id bigint CONSTRAINT pk_fills PRIMARY KEY,
        order_key bigint NOT NULL,
        order_id bigint NOT NULL,
        symbol text NOT NULL,
        side text NOT NULL CONSTRAINT ck_fills_side CHECK (side IN ('buy', 'sell')),
        amount numeric NOT NULL,
        price numeric NOT NULL,
        fee numeric,
        fee_currency text,
        maker boolean NOT NULL,
        at {_MOMENT} NOT NULL
    )""",
    "COMMENT ON COLUMN fills.fee IS 'null until settled'",
    "CREATE INDEX ix_fills_order_key ON fills (order_key)",
    "CREATE INDEX ix_fills_at_trade_id ON fills (at, trade_id)",
    """CREATE TABLE balances (
        wallet text CONSTRAINT ck_balances_wallet
            CHECK (wallet IN ('exchange', 'margin', 'funding')),
        currency text,
        total numeric NOT NULL,
        available numeric,
        CONSTRAINT pk_balances PRIMARY KEY (wallet, currency)
    )""",
    """CREATE TABLE positions (
        symbol text CONSTRAINT pk_positions PRIMARY KEY,
        amount numeric NOT NULL CONSTRAINT ck_positions_open CHECK (amount <> 0),
        seq bigint NOT NULL
    )""",
    "COMMENT ON COLUMN positions.seq IS 'the entry that holds it'",
    """CREATE TABLE desk (
        matter text CONSTRAINT pk_desk PRIMARY KEY,
        seq bigint NOT NULL
    )""",
    "COMMENT ON COLUMN desk.matter IS 'trading or service'",
    "COMMENT ON COLUMN desk.seq IS 'the newest entry on it'",
)

_CHAT = (
    f"""CREATE TABLE inbox (
        update_id bigint CONSTRAINT pk_inbox PRIMARY KEY,
        received_at {_MOMENT} NOT NULL,
        body bytea NOT NULL,
        done_at {_MOMENT}
    )""",
    "CREATE INDEX ix_inbox_waiting ON inbox (received_at, update_id) WHERE done_at IS NULL",
    f"""CREATE TABLE shelf (
        kind text,
        key text,
        place bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
        body bytea NOT NULL,
        put_at {_MOMENT} DEFAULT now() NOT NULL,
        CONSTRAINT pk_shelf PRIMARY KEY (kind, key)
    )""",
    "CREATE INDEX ix_shelf_kind_place ON shelf (kind, place)",
)

_TABLES = (
    "shelf",
    "inbox",
    "desk",
    "positions",
    "balances",
    "fills",
    "orders",
    "readers",
    "commands",
    "journal",
)


def upgrade() -> None:
    """Make every table."""
    for statement in (*_JOURNAL, *_PROJECTIONS, *_CHAT):
        op.execute(statement)


def downgrade() -> None:
    """Drop every table, and all that is in them."""
    for table in _TABLES:
        op.execute(f"DROP TABLE {table}")
    op.execute("DROP FUNCTION journal_is_append_only")
