"""One account at Bitfinex: orders over the private socket, history and all else over REST."""

import random
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from types import TracebackType
from typing import Self

from engine.bitfinex import decode, history
from engine.bitfinex.auth import ApiKey, Secret
from engine.bitfinex.changes import change_frame
from engine.bitfinex.config import BitfinexConfig
from engine.bitfinex.encode import cancel_frames, known_id, submit_frame
from engine.bitfinex.errors import NonceSmall
from engine.bitfinex.http import Host
from engine.bitfinex.limits import ORDERS_BURST, ORDERS_PER_MINUTE, TokenBucket
from engine.bitfinex.link import Link
from engine.bitfinex.nonces import MemoryNonces, Nonces, fingerprint
from engine.bitfinex.outbox import Outbox
from engine.bitfinex.pace import Pace
from engine.bitfinex.records import BitfinexRecords
from engine.bitfinex.requests import BitfinexOrderRequests
from engine.bitfinex.rest import PrivateRest
from engine.bitfinex.rows import readable, split
from engine.bitfinex.socket import AccountListener
from engine.bitfinex.together import together
from engine.bitfinex.traffic import Traffic
from engine.bitfinex.wire import Row, Unreadable, money, row_of
from engine.model.approval import ApprovedChange, ApprovedOrder
from engine.model.errors import (
    Deposed,
    ExchangeError,
    ExchangeRefused,
    ExchangeUnreachable,
    InvalidInput,
    LinkDown,
)
from engine.model.ids import OrderId
from engine.model.market import Fees
from engine.model.order import Order
from engine.model.records import LedgerEntry, Span
from engine.model.report import (
    AccountPicture,
    BulkCancelRefused,
    CancelRefused,
    FillReport,
    OrderHistory,
    Report,
)
from engine.ports import Absorb, Clock, NonceStore

CONNECTS = 5
CONNECT_WINDOW_SECONDS = 15.0
ORDER_PATIENCE_SECONDS = 2.0
LONGEST_LEDGER = 10_000


class BitfinexExchange:
    """The `Exchange` port; close it, or use it as a context, to let go of its connections.

    `nonces` remembers over restarts what was used; `traffic` is shared by all clients of a process.
    `may_send` is asked at the very moment before a frame leaves, `may_cancel` where it cancels:
    after a no, `Deposed` is raised and nothing was sent.
    """

    def __init__(
        self,
        config: BitfinexConfig,
        *,
        clock: Clock,
        chance: random.Random,
        nonces: NonceStore | None = None,
        traffic: Traffic | None = None,
        may_send: Callable[[], bool] = lambda: True,
        may_cancel: Callable[[], bool] = lambda: True,
    ) -> None:
        store = nonces or MemoryNonces()
        key = _key(config.api_key, config.api_secret, clock, store)
        same = config.ws_api_key == config.api_key
        ws_key = key if same else _key(config.ws_api_key, config.ws_api_secret, clock, store)
        self._clock = clock
        self._traffic = traffic or Traffic(clock)
        self._may_send = may_send
        self._may_cancel = may_cancel
        self._host = Host(config.rest_url)
        self._rest = PrivateRest(self._host, key, self._traffic)
        self._outbox: Outbox[Report] = Outbox()
        self._listener = AccountListener(
            ws_key, self._outbox, clock=clock, dms=config.dms, still_ours=may_cancel
        )
        connects = self._traffic.connects(config.ws_auth_url, CONNECTS, CONNECT_WINDOW_SECONDS)
        pace = Pace(clock, chance, connects)
        url = config.ws_auth_url
        self._link = Link(
            url,
            self._listener,
            self._outbox,
            clock=clock,
            pace=pace,
            farewell=self._listener.farewell,
        )
        self._orders = TokenBucket(clock, ORDERS_PER_MINUTE, ORDERS_BURST)
        self._requests = BitfinexOrderRequests(self._rest, self._orders)
        self._records = BitfinexRecords(self._rest)

    @property
    def requests(self) -> BitfinexOrderRequests:
        """Orders by call and answer, with the same key and its nonces."""
        return self._requests

    @property
    def records(self) -> BitfinexRecords:
        """What the exchange keeps on record, with the same key and its nonces."""
        return self._records

    @property
    def reconnects(self) -> int:
        """How often the private socket was opened again."""
        return self._link.reconnects

    @property
    def unknown_frames(self) -> Mapping[str, int]:
        """How often each kind of account frame came that is not in the facts sheet."""
        return self._listener.frames.unknown

    async def run(self, absorb: Absorb) -> None:
        """Keep the private link up for ever; what `absorb` raises ends it."""
        self._outbox.clear()
        self._traffic.tell(self._outbox.put)
        self._listener.reset()
        await together(self._link.run(), self._deliver(absorb))

    async def submit(self, order: ApprovedOrder) -> None:
        """Write `[0,"on",...]`, never by any other way; errors as the port says.

        What only reduces waits for nobody; what would wait long is refused with `RateLimited`:
        an order must not leave for a market that has moved on.
        """
        frame = submit_frame(order)
        urgent = order.urgent or order.terms.reduce_only or order.terms.close
        await self._orders.take(urgent=urgent, patience=ORDER_PATIENCE_SECONDS)
        outstanding = self._listener.frames.outstanding
        outstanding.sent(order)
        try:
            await self._send(frame, self._may_send)
        except (LinkDown, Deposed):
            outstanding.unsent(order)
            raise

    async def cancel(self, orders: Sequence[Order]) -> None:
        """Write `oc` or `oc_multi`, ahead of any waiting order; by REST while the link is down.

        A cancel does no harm twice, so it goes by REST too where writing failed half way.
        """
        try:
            for frame in cancel_frames(orders):
                await self._send(frame, self._may_cancel)
        except (LinkDown, ExchangeUnreachable):
            await self._cancel_by_rest(orders)

    async def amend(self, change: ApprovedChange) -> None:
        """Write `[0,"ou",...]`; errors as the port says."""
        await self._send(change_frame(change), self._may_send)

    async def empty(self, order: ApprovedOrder) -> None:
        """By REST, ahead of all other calls; allowed where a cancel is."""
        if not (order.terms.reduce_only or order.terms.close):
            raise InvalidInput("Only an order that can do nothing but reduce goes this way.")
        if not self._may_cancel():
            raise Deposed()
        await self._requests.submit(order)

    async def account(self, *, urgent: bool = False) -> AccountPicture:
        """Orders, wallets and positions by REST, one call after the other."""
        taken_at = self._clock.now()
        orders = await self._rows("auth/r/orders", urgent=urgent)
        wallets = await self._rows("auth/r/wallets", urgent=urgent)
        positions = await self._rows("auth/r/positions", urgent=urgent)
        read, unread = split(orders, decode.order)
        return AccountPicture(
            orders=read,
            unread=unread,
            balances=readable(wallets, decode.balance),
            positions=readable(positions, decode.position),
            taken_at=taken_at,
        )

    async def closed_orders(self, since: datetime) -> OrderHistory:
        """See `history.closed_orders`."""
        return await history.closed_orders(self._rest.read, since)

    async def trades(self, since: datetime) -> Sequence[FillReport]:
        """See `history.trades`."""
        return await history.trades(self._rest.read, since)

    async def fees(self) -> Fees:
        """Maker and taker rates of `auth/r/summary`, element 4 (facts sheet 3)."""
        summary = row_of(await self._rest.read("auth/r/summary"))
        try:
            rates = row_of(summary[4])
            return Fees(maker=money(row_of(rates[0]), 0), taker=money(row_of(rates[1]), 0))
        except (Unreadable, IndexError) as error:
            raise ExchangeRefused("The exchange's fee summary could not be read.") from error

    async def ledger(self, since: datetime | None) -> Sequence[LedgerEntry]:
        """`auth/r/ledgers/hist` (facts sheet 3): the newest page, or all pages since then."""
        span = Span(limit=25) if since is None else Span(start=since, limit=LONGEST_LEDGER)
        return await self._records.ledgers(span=span)

    async def close(self) -> None:
        """Let go of the REST connections; the socket ends with `run`."""
        await self._host.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def _rows(self, path: str, *, urgent: bool) -> Row:
        try:
            return row_of(await self._rest.read(path, urgent=urgent))
        except Unreadable as error:
            raise ExchangeRefused("The exchange's account could not be read.") from error

    async def _cancel_by_rest(self, orders: Sequence[Order]) -> None:
        if not self._may_cancel():
            raise Deposed()
        try:
            await self._cancel_patiently(orders)
        except ExchangeUnreachable:
            raise
        except ExchangeRefused as refused:
            self._outbox.extend(_refusals(orders, refused.sentence))
        except ExchangeError as error:
            raise LinkDown(f"There is no link to the exchange. {error.sentence}") from error

    async def _cancel_patiently(self, orders: Sequence[Order]) -> None:
        """A cancel does no harm twice: a nonce that was overtaken is no reason to give up."""
        try:
            await self._requests.cancel(orders)
        except NonceSmall:
            await self._requests.cancel(orders)

    async def _deliver(self, absorb: Absorb) -> None:
        while True:
            await absorb(await self._outbox.take())

    async def _send(self, frame: bytes, may: Callable[[], bool]) -> None:
        if not self._listener.ready:
            raise LinkDown()
        # Nothing may come between this look and the writing: a process that was frozen before
        # it, and wakes when another leads, must find out here.
        if not may():
            raise Deposed()
        await self._link.send(frame)


def _refusals(orders: Sequence[Order], reason: str) -> Sequence[Report]:
    if len(orders) > 1:
        return (BulkCancelRefused(reason=reason),)
    return [_cancel_refused(order, reason) for order in orders]


def _cancel_refused(order: Order, reason: str) -> CancelRefused:
    known = known_id(order)
    if known is None:
        return CancelRefused(cid=order.key, reason=reason)
    return CancelRefused(order_id=OrderId(known), reason=reason)


def _key(key: str, secret: Secret, clock: Clock, store: NonceStore) -> ApiKey:
    return ApiKey(key, secret, Nonces(clock.now, store, fingerprint(key)))
