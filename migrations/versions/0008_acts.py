"""Who did what is found without reading the whole journal."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


_UPGRADE = (
    "ALTER TABLE journal ADD COLUMN actor_id text",
    "COMMENT ON COLUMN journal.actor_id IS 'who did, or was refused, what it tells'",
    """CREATE INDEX ix_journal_actor_id_seq ON journal (actor_id, seq)
        WHERE actor_id IS NOT NULL""",
)

_ACTS = (
    "AmendRequested",
    "BracketOpened",
    "CancelRequested",
    "CommandApproved",
    "CommandCarriedOut",
    "CommandDeclined",
    "CommandHeld",
    "CommandRefused",
    "GuardReset",
    "InvitationCancelled",
    "LimitChanged",
    "MemberFrozen",
    "MemberInvited",
    "MemberJoined",
    "MemberRevoked",
    "MemberRoleChanged",
    "MemberThawed",
    "OrderAdopted",
    "OrderIgnored",
    "OrderSubmitted",
    "PanicCalled",
    "PositionAdopted",
    "PositionIgnored",
    "SecondFactorRefused",
    "SecondFactorSet",
    "StrangerTurnedAway",
    "SymbolLocked",
    "SymbolUnlocked",
    "TemplateDeleted",
    "TemplateSaved",
    "TradingBreakerReset",
    "TradingPaused",
    "TradingResumed",
    "WindowsChanged",
)
_KINDS = ", ".join(f"'{kind}'" for kind in _ACTS)

# Nothing that was told is changed, only noted beside it. The bodies are read as text: one with a
# NUL in somebody's words cannot be taken apart as JSON. The last actor is the entry's own; an
# exit that a bracket sent is nobody's doing.
_REMEMBER = (
    "ALTER TABLE journal DISABLE TRIGGER journal_is_append_only",
    rf"""UPDATE journal
        SET actor_id = nullif(substring(body::text FROM '.*"actor_id":"([^"]*)"'), '')
        WHERE kind IN ({_KINDS})
        AND NOT (kind = 'OrderSubmitted' AND body::text ~ '"bracket":\d')""",  # noqa: S608 - ours
    "ALTER TABLE journal ENABLE TRIGGER journal_is_append_only",
)


def upgrade() -> None:
    """Name the actor beside each entry, in old ones too."""
    for statement in (*_UPGRADE, *_REMEMBER):
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    """Name nobody; the entries' bodies still do."""
    op.execute("ALTER TABLE journal DROP COLUMN actor_id")
