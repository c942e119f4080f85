"""Numbers the exchange writes at the end of every frame, so that a missing one shows (6.2)."""

from collections.abc import Mapping

from engine.bitfinex.broken import Broken
from engine.bitfinex.wire import Row

SEQ_ALL = 65536
OB_CHECKSUM = 131072


class Sequence:
    """One counter: it may begin anywhere, and repeat itself, but it must not skip a number."""

    __slots__ = ("_last",)

    def __init__(self) -> None:
        self._last = 0

    def see(self, number: int) -> None:
        """Raises `Broken` when numbers are missing before this one."""
        last = self._last
        if number == last + 1 or not last:
            self._last = number
        elif number > last:
            missing = number - last - 1
            raise Broken(f"Frames of the exchange are missing: {missing} after number {last}.")

    def may_see(self, number: int) -> None:
        """Count this if it is the next."""
        if number == self._last + 1:
            self._last = number


class MarketSequence(Sequence):
    """The numbers of a public socket: one counter over all its channels."""

    __slots__ = ("on",)

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget the session that was."""
        self._last = 0
        self.on = False

    def hear(self, event: Mapping[str, object]) -> None:
        """A `conf` answer: from here on frames are numbered, or are not."""
        self.on = numbered(event)

    def see_frame(self, raw: bytes) -> None:
        """Check the last element of an array frame; raises `Broken`."""
        try:
            number = int(raw[raw.rfind(b",") + 1 : -1])
        except ValueError:
            return
        if number == self._last + 1:
            self._last = number
        else:
            self.see(number)


class AccountSequence:
    """The numbers of channel 0: the socket's, and behind it the account's own.

    Notifications count, but answers to requests do not: they may be the next, and prove no gap.
    """

    __slots__ = ("_account", "_socket", "on")

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget the session that was."""
        self._socket, self._account = Sequence(), Sequence()
        self.on = False

    def hear(self, event: Mapping[str, object]) -> None:
        """A `conf` answer: from here on frames are numbered, or are not."""
        self.on = numbered(event)

    def see(self, row: Row) -> None:
        """Check the tail of a frame; raises `Broken`."""
        match row:
            case [0, "n", _, int(number), *_]:
                self._socket.may_see(number)
            case [0, "hb", int(number)]:
                self._socket.see(number)
            case [0, _, _, int(number), int(own)]:
                self._socket.see(number)
                if own:  # 0 while the account's snapshots are still coming
                    self._account.see(own)


def numbered(event: Mapping[str, object]) -> bool:
    """Whether a `conf` answer promises numbers."""
    flags = event.get("flags")
    return event.get("status") == "OK" and isinstance(flags, int) and bool(flags & SEQ_ALL)
