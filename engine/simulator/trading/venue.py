"""The exchange's commands: submit, update, cancel; and the market's ticks."""

from collections.abc import Iterable
from decimal import Decimal

from engine.simulator.market.tape import PublicTrade
from engine.simulator.market.ticks import Tick
from engine.simulator.trading import lives
from engine.simulator.trading.account import Account
from engine.simulator.trading.changing import changed
from engine.simulator.trading.entry import made
from engine.simulator.trading.floor import Floor, Resting
from engine.simulator.trading.funds import check_funds, paying_price
from engine.simulator.trading.order import Flag, Order
from engine.simulator.trading.request import Change, NewOrder, not_found
from engine.simulator.trading.rows import notification_row, order_row
from engine.simulator.wire.json import Json, Row
from engine.simulator.wire.numbers import decimal_of, eight_down, number_text


class Venue:
    """Everything that happens on a floor; each call leaves its frames in `floor.events`."""

    def __init__(self, floor: Floor) -> None:
        self.floor = floor
        self.partial_fills: list[Decimal] = []

    def submit(self, account: Account, new: NewOrder) -> list[Row]:
        """Accept an order (an OCO makes two); the rows as they were at acceptance.

        Raises `Refusal` when it is invalid or cannot be paid; then nothing has happened.
        """
        orders = made(self.floor, account, new)
        limit = max(paying_price(self.floor, order) for order in orders)
        check_funds(self.floor, account, orders[0], limit=limit)
        rows = [order_row(order) for order in orders]
        self._notify(account, "on-req", rows[0], f"Submitting {describe(orders[0])}.")
        for order in orders:
            self.floor.admit(account, order)
        for order in orders:
            if order.open:
                lives.begin(self.floor, account, order, most=self._most(order))
        return rows

    def update(self, account: Account, order: Order, change: Change) -> Row:
        """Change an open order; its row before the change. Raises `Refusal`."""
        before = order_row(order)
        after = changed(order, change, self.floor)
        check_funds(self.floor, account, after, limit=paying_price(self.floor, after))
        moved = after.price != order.price
        what = describe(after, unsigned=True)
        self._notify(account, "ou-req", order_row(after), f"Submitting update to {what}.")
        after.become(after.bare_kind)
        after.updated = self.floor.now
        self._replace(account, order, after)
        if moved:
            self.floor.requeue(account, after)
        if moved and after.flags & Flag.POST_ONLY and lives.crosses(self.floor, after):
            lives.end(self.floor, account, after, "POSTONLY CANCELED")
            return before
        self.floor.tell_order(account, "ou", after)
        lives.resume(self.floor, account, after)
        return before

    def cancel(self, account: Account, order: Order) -> Row:
        """Cancel an open order; its row while it still was."""
        before = order_row(order)
        text = f"Submitted for cancellation; waiting for confirmation (ID: {order.id})."
        self._notify(account, "oc-req", before, text)
        lives.end(self.floor, account, order, "CANCELED")
        return before

    def cancel_many(self, account: Account, orders: Iterable[Order]) -> list[Row]:
        """Cancel several at once (life I); their rows while they still were."""
        doomed = list({order.id: order for order in orders}.values())
        rows = [order_row(order) for order in doomed]
        text = f"Submitting {len(rows)} order cancellations."
        self._notify(account, "oc_multi-req", rows, text)
        for order in doomed:
            lives.end(self.floor, account, order, "CANCELED")
        return rows

    def cancel_all(self, account: Account) -> None:
        """The dead-man switch: no notification, only the ends."""
        for order in list(account.orders.values()):
            lives.end(self.floor, account, order, "CANCELED")

    def find(self, account: Account, order_id: int) -> Order:
        """An open order, or the refusal `Order not found.`"""
        order = account.orders.get(order_id)
        if order is None:
            raise not_found()
        return order

    def tick(self, tick: Tick, *, unbounded: bool = False) -> None:
        """A trade of the market: the book moves, stops trigger, resting orders fill.

        Orders at exactly its price share its amount, or are filled whole where it is `unbounded`.
        """
        floor = self.floor
        floor.now = tick.mts
        public = PublicTrade(floor.numbers.next_trade(), tick.mts, tick.amount, tick.price)
        floor.markets[tick.symbol].trade(public)
        open_orders = floor.resting(tick.symbol)
        if open_orders:
            volume = None if unbounded else decimal_of(abs(tick.amount))
            self._pass_by(open_orders, decimal_of(tick.price), volume)
        self._liquidate(tick.symbol)

    def expire(self, now: int) -> None:
        """End the orders whose time in force is over."""
        for account in self.floor.accounts.values():
            for order in list(account.orders.values()):
                if order.tif is not None and order.tif <= now:
                    lives.end(self.floor, account, order, "CANCELED")

    def _pass_by(self, open_orders: list[Resting], price: Decimal, volume: Decimal | None) -> None:
        for resting in open_orders:
            if resting.order.open:
                took = self._live_through(resting, price, volume)
                volume = None if volume is None else volume - took

    def _live_through(self, resting: Resting, price: Decimal, volume: Decimal | None) -> Decimal:
        tif = resting.order.tif
        if tif is not None and tif <= self.floor.now:
            lives.end(self.floor, resting.account, resting.order, "CANCELED")
            return Decimal(0)
        return lives.react(self.floor, resting, price, volume)

    def _liquidate(self, symbol: str) -> None:
        for account in self.floor.accounts.values():
            if symbol in account.positions:
                lives.liquidate(self.floor, account, symbol)

    def _most(self, order: Order) -> Decimal | None:
        if not self.partial_fills or order.waits_for_trigger:
            return None
        return eight_down(order.remaining * self.partial_fills.pop(0))

    def _replace(self, account: Account, order: Order, after: Order) -> None:
        account.orders[order.id] = after
        self.floor.open_orders[order.symbol][order.id] = Resting(account, after)
        self.floor.markets[order.symbol].touch()

    def _notify(self, account: Account, kind: str, data: Json, text: str) -> None:
        self.floor.tell(account, "n", notification_row(self.floor.now, kind, data, text))


def describe(order: Order, *, unsigned: bool = False) -> str:
    """`exchange limit buy order for 0.116163 BTC`, as notifications put it."""
    amount = order.remaining if unsigned else order.amount
    base = order.symbol[1:].partition(":")[0] if ":" in order.symbol else order.symbol[1:4]
    side = "buy" if order.buys else "sell"
    return f"{order.kind.lower()} {side} order for {number_text(amount)} {base}"
