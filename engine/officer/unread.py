"""What has changed since the ledger was last read, and what of it is worth a question at once."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from engine.model.risk import EquityMark
from engine.officer.valuing import Account, Price, valued
from engine.risk.state import EPOCH

PATIENCE: Final = timedelta(seconds=30)
"""For how long no guard trips over what may have been moved."""

SETTLES: Final = timedelta(seconds=5)
"""How far the ledger may lag behind a wallet."""

DISAGREE: Final = 2 * SETTLES
"""How long wallets and ledger are given to tell the same."""

NOTABLE: Final = Decimal("0.001")
"""A change of so much of equity is asked about at once."""

_NOTHING = Decimal(0)


@dataclass(slots=True, kw_only=True)
class Unread:
    """`worth` is by how much holdings alone have changed equity, None where that cannot be told;
    `mark` and `peak` are those of before, `high` the highest equity since, `notable_since` when it
    came to be notable, `notable_at` when it last changed notably. Once `settled` nothing was found,
    and it is kept until the ledger, asked a last time, still says so."""

    since: datetime
    mark: EquityMark | None
    peak: Decimal | None
    worth: Decimal | None = _NOTHING
    high: Decimal | None = None
    notable_since: datetime | None = None
    notable_at: datetime = EPOCH
    settled: bool = False

    def add(self, change: Decimal | None, now: datetime, value: Decimal | None) -> bool:
        """Holdings have changed; whether notably."""
        self.worth = plus(self.worth, change)
        notable = is_notable(change, value)
        if notable:
            self.notable_at = now
        return notable

    def holds(self, now: datetime) -> bool:
        """Whether guards wait for what the ledger says."""
        return self.notable_since is not None and now - self.notable_since < PATIENCE

    def differs(self, moved: Decimal, value: Decimal, now: datetime, told_at: datetime) -> bool:
        """Whether wallets and ledger tell different things, and may yet come to agree."""
        if self.worth is None:
            return now - self.notable_at < DISAGREE
        since = max(self.notable_at, told_at)
        return is_notable(self.worth - moved, value) and now - since < DISAGREE

    def weigh(
        self, now: datetime, value: Decimal | None, mark: EquityMark | None, peak: Decimal | None
    ) -> None:
        """Note whether it is notable, from when on the figures of before stay as they are."""
        if not is_notable(self.worth, value):
            self.notable_since = None
        elif self.notable_since is None and value is not None:
            self.notable_since, self.high = now, None
            self.mark, self.peak = mark, peak


def plus(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    """Both together; None where one is not known."""
    return None if one is None or other is None else one + other


def is_notable(change: Decimal | None, value: Decimal | None) -> bool:
    """Whether a change of holdings is more than trades and their fees come to at once."""
    return change is None or value is None or abs(change) > abs(value) * NOTABLE


@dataclass(slots=True)
class Holdings:
    """What was held at the last look."""

    _account: Account | None = None
    _seen: frozenset[object] = field(default_factory=frozenset)

    def change(self, account: Account, price: Price, newest: Price) -> tuple[bool, Decimal | None]:
        """Whether other things are held than before, and what that alone changes equity by."""
        seen = frozenset(
            [(b.wallet, b.currency, b.total) for b in account.counted]
            + [(p.symbol, p.amount, p.base_price) for p in account.positions]
        )
        if seen == self._seen:
            return False, _NOTHING
        before, self._account, self._seen = self._account, account, seen
        if before is None:
            return True, None
        now, then = valued(account, price, newest).value, valued(before, price, newest).value
        return True, None if now is None or then is None else now - then
