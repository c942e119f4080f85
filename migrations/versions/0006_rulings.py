"""What people and guards have ruled is found without reading the whole journal."""

from alembic import op

revision = "0006"
down_revision = "0005"
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
    """Make the index."""
    kinds = ", ".join(f"'{name}'" for name in _RULINGS)
    op.execute(f"CREATE INDEX ix_journal_rulings ON journal (seq) WHERE kind IN ({kinds})")


def downgrade() -> None:
    """Drop it."""
    op.execute("DROP INDEX ix_journal_rulings")
