"""Asks the exchange for the available balances it left out (facts sheet 5.3, 6.7)."""

import asyncio
from collections.abc import Iterable

from engine.bitfinex.encode import calc_frame
from engine.bitfinex.link import Link
from engine.model.account import Balance
from engine.ports import Clock

PER_MESSAGE = 30
PAUSE_SECONDS = 0.15


class Calc:
    """Collects wallets whose available balance is unknown; at most 8 questions a second."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._wanted: dict[str, None] = {}
        self._asked: set[str] = set()
        self._pending = asyncio.Event()

    def reset(self) -> None:
        """A new session: nothing is asked."""
        self._wanted.clear()
        self._asked.clear()
        self._pending.clear()

    def saw(self, balances: Iterable[Balance]) -> None:
        """Note balances as they arrive; the first after a question counts as its answer."""
        for balance in balances:
            name = f"wallet_{balance.wallet}_{balance.currency}"
            if name in self._asked:
                self._asked.discard(name)
            elif balance.available is None:
                self._wanted[name] = None
        if self._wanted:
            self._pending.set()

    async def ask(self, link: Link) -> None:
        """Ask for ever."""
        while True:
            await self._pending.wait()
            await self._clock.sleep(PAUSE_SECONDS)
            names = list(self._wanted)[:PER_MESSAGE]
            for name in names:
                del self._wanted[name]
            if not self._wanted:
                self._pending.clear()
            self._asked.update(names)
            await link.send(calc_frame(names))
