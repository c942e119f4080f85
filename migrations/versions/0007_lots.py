"""What our trades opened and closed, what the latter made, and what they come to."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_PROFIT = "of the part that closed, before fees, in quote currency"


def upgrade() -> None:
    """What traded before is neither: nobody wrote down what it had cost."""
    op.add_column("fills", _flag("opening"))
    op.add_column("fills", sa.Column("profit", sa.Numeric, comment=_PROFIT))
    op.add_column("fills", sa.Column("paid", sa.Numeric, comment="what that part had cost"))
    op.add_column("fills", _flag("stopped"))
    op.create_table(
        "lots",
        sa.Column("wallet", sa.Text, nullable=False),
        sa.Column("symbol", sa.Text, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False, comment="the entry that holds it"),
        sa.CheckConstraint(
            "wallet IN ('exchange', 'margin', 'funding')", name=op.f("ck_lots_wallet")
        ),
        sa.PrimaryKeyConstraint("wallet", "symbol", name=op.f("pk_lots")),
    )


def downgrade() -> None:
    """Forget them."""
    op.drop_table("lots")
    for name in ("stopped", "paid", "profit", "opening"):
        op.drop_column("fills", name)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean, nullable=False, server_default=sa.text("false"))
