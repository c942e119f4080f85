"""The strings behind the stage: `/control/...`, for tests and the demo, loopback only."""

import ipaddress
from collections.abc import Awaitable, Callable
from decimal import Decimal
from functools import partial

from aiohttp import web

from engine.simulator.faults import Faults, read_fault
from engine.simulator.gatehouse import Gatehouse
from engine.simulator.hub import Hub
from engine.simulator.market.market import Market
from engine.simulator.market.tape import PublicTrade
from engine.simulator.rest.answers import answer
from engine.simulator.rest.public import fields_of
from engine.simulator.trading.account import EXCHANGE, Account
from engine.simulator.trading.finding import one_order
from engine.simulator.trading.funds import available
from engine.simulator.trading.lives import end
from engine.simulator.trading.movements import move
from engine.simulator.trading.order import ZERO
from engine.simulator.trading.request import read_number
from engine.simulator.trading.rows import (
    movement_row,
    order_row,
    position_row,
    trade_row,
    wallet_row,
)
from engine.simulator.trading.settlement import book
from engine.simulator.wire.json import Fields, Json
from engine.simulator.wire.refusal import Refusal
from engine.simulator.world import World

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
LONGEST_STEP_MS = 400 * 86_400_000
STRIDE_MS = 3_600_000
LARGEST_BURST = 200_000
TRADES_AT_ONCE = 2_000


class Control:
    """Handlers of `/control/...`; a mistake is answered with 400 and a sentence."""

    def __init__(self, world: World, hub: Hub, faults: Faults, house: Gatehouse) -> None:
        self._world = world
        self._hub = hub
        self._faults = faults
        self._house = house

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/control/price", self._acting(self.price)),
            web.post("/control/fault", self._acting(self.fault)),
            web.post("/control/balance", self._acting(self.balance)),
            web.post("/control/movement", self._acting(self.movement)),
            web.post("/control/maintenance", self._acting(self.maintenance)),
            web.post("/control/drop", self._acting(self.drop)),
            web.post("/control/clock", self._acting(self.clock)),
            web.post("/control/end", self._acting(self.end)),
            web.post("/control/burst", self._acting(self.burst)),
            web.post("/control/limits", self._acting(self.limits)),
            web.get("/control/state", self.state),
        ]

    def price(self, fields: Fields) -> Json:
        """`{symbol, price, volume?}` trades there now; `hold` freezes or frees the feed.

        `hold` without a symbol stops or starts the whole feed. `volume` bounds what orders at
        exactly that price get.
        """
        symbol = fields.get("symbol")
        if symbol is None:
            self._world.feed.state.paused = bool(fields.get("hold"))
            return {"paused": self._world.feed.state.paused}
        market = self._world.floor.market(str(symbol))
        price, volume = read_number(fields, "price"), read_number(fields, "volume")
        if fields.get("hold"):
            self._world.feed.hold(str(symbol), market.last)
        if price is not None:
            if price <= 0:
                raise ValueError("price: above 0")
            self._world.set_price(str(symbol), float(price), volume)
        if "hold" in fields and not fields["hold"]:
            self._world.feed.release(str(symbol))
        return {"symbol": market.instrument.symbol, "last": market.last}

    def fault(self, fields: Fields) -> Json:
        """A fault to come, or `{clear: true}`; the faults waiting."""
        if fields.get("clear"):
            self._faults.clear()
        else:
            fault = read_fault(fields, self._faults.clock())
            if fault.kind == "partial_fill":
                self._world.venue.partial_fills += [fault.fraction] * fault.count
            else:
                self._faults.add(fault)
        return {"waiting": self._faults.described()}

    def end(self, fields: Fields) -> Json:
        """`{id, status, account?}` ends an open order for a reason of the exchange's own."""
        account = self._account(fields)
        order = one_order(account, fields)
        end(self._world.floor, account, order, str(fields.get("status", "CANCELED")))
        return order_row(order)

    def balance(self, fields: Fields) -> Json:
        """`{currency, amount, wallet?, account?}` sets a balance, as a correction by the exchange:
        nothing was deposited or withdrawn."""
        amount = read_number(fields, "amount")
        if amount is None or amount < 0:
            raise ValueError("amount: 0 or more")
        account = self._account(fields)
        kind = str(fields.get("wallet", EXCHANGE))
        wallet = account.wallet(kind, str(fields.get("currency", "")))
        book(self._world.floor, account, wallet, amount - wallet.balance, "Adjustment")
        row = wallet_row(wallet, None)
        self._world.floor.tell(account, "wu", row)
        return row

    def movement(self, fields: Fields) -> Json:
        """`{currency, amount, fee?, wallet?, account?}` deposits, or withdraws what is negative."""
        amount, fee = read_number(fields, "amount"), read_number(fields, "fee") or ZERO
        if not amount or fee < 0:
            raise ValueError("amount: not 0, and fee: 0 or more")
        account = self._account(fields)
        kind = str(fields.get("wallet", EXCHANGE))
        wallet = account.wallet(kind, str(fields.get("currency", "")))
        return movement_row(move(self._world.floor, account, wallet, amount, fee))

    def maintenance(self, fields: Fields) -> Json:
        """`{on: true|false}`; with `seconds` it ends by itself."""
        self._hub.enter_maintenance(on=bool(fields.get("on", True)))
        seconds = read_number(fields, "seconds")
        if self._hub.maintenance and seconds is not None:
            self._hub.later(float(seconds), partial(self._hub.enter_maintenance, on=False))
        return {"maintenance": self._hub.maintenance}

    def drop(self, fields: Fields) -> Json:
        """Cut `count` sockets, or all, as a broken network does.

        With `silent` they stay open and hear nothing more, with `reconnect` they are asked to
        come back (20051), with `code` they are closed in due form. `refuse` (seconds) closes the
        port as well.
        """
        count, code = read_number(fields, "count"), read_number(fields, "code")
        refuse = read_number(fields, "refuse")
        most = None if count is None else int(count)
        if fields.get("silent"):
            return {"silenced": self._hub.silence(most)}
        if refuse is not None:
            self._house.refuse(float(refuse))
        if fields.get("reconnect"):
            told = self._hub.ask_to_reconnect(most)
            return {"told": told} if code is None else {"closed": self._hub.close(int(code), most)}
        if code is not None:
            return {"closed": self._hub.close(int(code), most)}
        return {"dropped": self._hub.drop(most)}

    def burst(self, fields: Fields) -> Json:
        """`{channel, symbol, count}`: that many frames at once on every such channel."""
        kind, symbol = str(fields.get("channel", "")), str(fields.get("symbol", ""))
        market = self._world.floor.market(symbol)
        count = int(read_number(fields, "count") or 0)
        if not 1 <= count <= LARGEST_BURST:
            raise ValueError(f"count: from 1 to {LARGEST_BURST}")
        if kind == "trades":
            self._trade_away(market, -(-count // 2))
        told = [listener.burst(kind, symbol, count) for listener in self._hub.listeners]
        return {"channels": sum(told)}

    def _trade_away(self, market: Market, count: int) -> None:
        """Real trades at the last price, told before the tape forgets the first of them."""
        for number in range(1, count + 1):
            trade_id = self._world.floor.numbers.next_trade()
            amount = 0.0001 if number % 2 else -0.0001
            market.record(PublicTrade(trade_id, self._world.floor.now, amount, market.last))
            if number % TRADES_AT_ONCE == 0:
                self._hub.publish()

    def limits(self, fields: Fields) -> Json:
        """`{on: true|false}` switches the rate limits of calls and orders."""
        self._world.limits.on = bool(fields.get("on", True))
        return {"limits": self._world.limits.on}

    def clock(self, fields: Fields) -> Json:
        """`{advance: seconds}` or `{to: ms}`: everything due in that time happens now."""
        step = self._step(fields)
        if not 0 <= step <= LONGEST_STEP_MS:
            raise ValueError("advance: seconds, from 0 to 400 days")
        while step > 0:
            part = min(step, STRIDE_MS)
            self._world.clock.advance(part)
            self._world.advance()
            self._hub.commit()
            self._hub.publish()
            step -= part
        return {"now": self._world.clock.now(), "virtual": self._world.clock.virtual}

    def _step(self, fields: Fields) -> int:
        to = read_number(fields, "to")
        if to is not None:
            return int(to) - self._world.clock.now()
        named = "advance_seconds" if "advance_seconds" in fields else "advance"
        return int((read_number(fields, named) or Decimal(0)) * 1000)

    async def state(self, request: web.Request) -> web.Response:
        """Everything there is to know; `?account=` picks one of several."""
        refuse_strangers(request)
        self._world.advance()
        self._hub.commit()
        fields: Fields = {**request.query}
        account = self._account(fields)
        return answer(
            {
                "now": self._world.clock.now(),
                "place": self._world.feed.place,
                "paused": self._world.feed.state.paused,
                "held": self._world.feed.state.held,
                "maintenance": self._hub.maintenance,
                "prices": {name: market.last for name, market in self._world.markets.items()},
                "sockets": [listener.described() for listener in self._hub.listeners],
                "faults": self._faults.described(),
                "nonces": self._world.state.nonces,
                "attempts": self._world.attempts.get(account.name, {}),
                **self._books(account),
            }
        )

    def _books(self, account: Account) -> Fields:
        floor = self._world.floor
        return {
            "account": account.name,
            "orders": [order_row(order) for order in account.orders.values()],
            "history": [order_row(order) for order in account.closed_orders],
            "trades": [trade_row(trade) for trade in account.trades],
            "positions": [position_row(position) for position in account.positions.values()],
            "wallets": [
                wallet_row(wallet, available(floor, account, wallet))
                for wallet in account.wallets.values()
            ],
        }

    def _account(self, fields: Fields) -> Account:
        accounts = self._world.state.accounts
        name = str(fields.get("account") or next(iter(accounts)))
        if name not in accounts:
            raise ValueError(f"account: {name!r} is none of {', '.join(accounts)}")
        return accounts[name]

    def _acting(self, deed: Callable[[Fields], Json]) -> Handler:
        async def handle(request: web.Request) -> web.StreamResponse:
            refuse_strangers(request)
            raw = await request.read()
            self._world.advance()
            try:
                value = deed(fields_of(raw))
            except (ValueError, Refusal) as wrong:
                return answer({"error": str(wrong)}, 400)
            finally:
                self._hub.commit()
                self._hub.publish()
            return answer(value)

        return handle


def refuse_strangers(request: web.Request) -> None:
    """Control is for this machine only."""
    try:
        local = ipaddress.ip_address(request.remote or "").is_loopback
    except ValueError:
        local = False
    if not local:
        raise web.HTTPNotFound
