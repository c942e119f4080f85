"""What our trades opened and closed, what the latter made, and what they come to."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_MARKS = (
    sa.Column("opening", sa.Boolean, nullable=False, server_default=sa.text("false")),
    sa.Column(
        "profit", sa.Numeric, comment="of the part that closed, before fees, in quote currency"
    ),
    sa.Column("paid", sa.Numeric, comment="what that part had cost"),
    sa.Column("stopped", sa.Boolean, nullable=False, server_default=sa.text("false")),
)


def upgrade() -> None:
    """What traded before is neither: nobody wrote down what it had cost."""
    for column in _MARKS:
        op.add_column("fills", column.copy())
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
    for column in reversed(_MARKS):
        op.drop_column("fills", column.name)
