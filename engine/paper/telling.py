"""What is to be told: reports in the exchange's order, and balances and positions that moved."""

from collections.abc import Sequence

from engine.model.account import Balance
from engine.model.position import Position
from engine.model.report import BalancesReport, PositionsReport, Report
from engine.model.symbol import Symbol
from engine.paper.config import Purse
from engine.paper.ledger import Ledger
from engine.paper.margin import ZERO, Margin
from engine.paper.papers import Papers


class Telling:
    """Collects reports until they are saved and can be told."""

    def __init__(self, papers: Papers, ledger: Ledger, margin: Margin) -> None:
        self._papers = papers
        self._ledger = ledger
        self._margin = margin
        self._reports: list[Report] = []
        self._balances: dict[Purse, Balance] = {}
        self._positions: dict[Symbol, Position] = {}
        self._settled = 0
        self._note()

    def add(self, *reports: Report) -> None:
        """Tell these next."""
        self._reports.extend(reports)

    def settle(self) -> None:
        """After what was told since the last time: what it did to balances and positions."""
        if len(self._reports) == self._settled:
            return
        balances, positions = self._balances, self._positions
        self._note()
        moved = [b for purse, b in self._balances.items() if balances.get(purse) != b]
        if moved:
            self.add(BalancesReport(balances=tuple(moved)))
        changed = [p for symbol, p in self._positions.items() if positions.get(symbol) != p]
        gone = [_closed(p) for s, p in positions.items() if s not in self._positions]
        if changed or gone:
            figures = (self._margin.figures(position) for position in changed)
            self.add(PositionsReport(positions=(*gone, *figures)))
        self._settled = len(self._reports)

    def harvest(self) -> Sequence[Report]:
        """All there is to tell, in order."""
        reports, self._reports, self._settled = self._reports, [], 0
        return reports

    def _note(self) -> None:
        self._balances = {(one.wallet, one.currency): one for one in self._ledger.balances()}
        self._positions = dict(self._papers.positions)


def _closed(position: Position) -> Position:
    return Position(
        symbol=position.symbol,
        amount=ZERO,
        base_price=position.base_price,
        position_id=position.position_id,
    )
