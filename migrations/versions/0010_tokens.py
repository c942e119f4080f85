"""What idempotency keys were used for, and that a member's API tokens were ended."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_RULINGS = (
    "GuardReset",
    "GuardTripped",
    "InvitationCancelled",
    "LimitChanged",
    "MemberFrozen",
    "MemberInvited",
    "MemberJoined",
    "MemberRevoked",
    "MemberRoleChanged",
    "MemberThawed",
    "PanicCalled",
    "PanicEnded",
    "PanicLegSettled",
    "SecondFactorSet",
    "SymbolLocked",
    "SymbolUnlocked",
    "TradingBreakerReset",
    "TradingBreakerTripped",
    "WindowsChanged",
)


def upgrade() -> None:
    """Make the table, and the index anew with one kind more."""
    op.execute(
        """CREATE TABLE request_keys (
            key text CONSTRAINT pk_request_keys PRIMARY KEY,
            digest text NOT NULL,
            came_at timestamptz NOT NULL DEFAULT now()
        )"""
    )
    op.execute("COMMENT ON COLUMN request_keys.digest IS 'SHA-256 of the words it came with first'")
    _index((*_RULINGS, "TokensEnded"))


def downgrade() -> None:
    """As it was: keys are good for other words again."""
    op.execute("DROP TABLE request_keys")
    _index(_RULINGS)


def _index(names: tuple[str, ...]) -> None:
    kinds = ", ".join(f"'{name}'" for name in sorted(names))
    op.execute("DROP INDEX ix_journal_rulings")
    op.execute(f"CREATE INDEX ix_journal_rulings ON journal (seq) WHERE kind IN ({kinds})")
