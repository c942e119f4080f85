"""How often somebody may call: the exchange's rate limits, when they are switched on."""

from collections import deque

BLOCK_MS = 60_000
MINUTE_MS = 60_000
MOST_ORDERS = 1_000
ORDERS_WITHIN_MS = 300_000
PER_MINUTE = (
    ("/platform/status", 30),
    ("/tickers", 90),
    ("/ticker/", 90),
    ("/trades/", 15),
    ("/book/", 240),
    ("/candles/", 30),
    ("/conf/", 90),
    ("/calc/trade/avg", 20),
    ("/auth/w/order/", 90),
    ("/auth/", 90),
)


class Window:
    """At most `most` calls within `width_ms`; a breach blocks for a minute (sheet, 1.4)."""

    def __init__(self, most: int, width_ms: int) -> None:
        self._most = most
        self._width = width_ms
        self._calls: deque[int] = deque()
        self._blocked_until = 0

    def admits(self, now: int) -> bool:
        if now < self._blocked_until:
            return False
        while self._calls and self._calls[0] <= now - self._width:
            self._calls.popleft()
        if len(self._calls) >= self._most:
            self._blocked_until = now + BLOCK_MS
            return False
        self._calls.append(now)
        return True


class RateLimits:
    """One window per kind of endpoint and caller, while `on`."""

    def __init__(self, *, on: bool) -> None:
        self.on = on
        self._windows: dict[tuple[str, str], Window] = {}
        self._orders: dict[str, Window] = {}

    def admits(self, path: str, caller: str, now: int) -> bool:
        if not self.on:
            return True
        for prefix, most in PER_MINUTE:
            if path.startswith("/v2" + prefix):
                kind = prefix + path.rpartition("/")[2] if prefix == "/auth/" else prefix
                window = self._windows.setdefault((kind, caller), Window(most, MINUTE_MS))
                return window.admits(now)
        return True

    def admits_order(self, account: str, now: int) -> bool:
        """A user's new orders over every connection."""
        if not self.on:
            return True
        window = self._orders.setdefault(account, Window(MOST_ORDERS, ORDERS_WITHIN_MS))
        return window.admits(now)
