"""Who hears how messages went."""

from typing import Protocol


class Watch(Protocol):
    """Hears of every message to a chat how it went."""

    def answered(self, chat_id: int) -> None:
        """It came through."""
        ...

    def delayed(self, chat_id: int, why: str, seconds: float = ..., *, away: bool = ...) -> None:
        """It did not, and is tried again in `seconds`; `away` where Telegram itself may be."""
        ...

    def refused(self, chat_id: int, why: str) -> None:
        """The chat is closed to us."""
        ...


class Nobody:
    """`Watch` that hears nothing."""

    def answered(self, chat_id: int) -> None:
        """As the port says."""

    def delayed(self, chat_id: int, why: str, seconds: float = 0.0, *, away: bool = False) -> None:
        """As the port says."""

    def refused(self, chat_id: int, why: str) -> None:
        """As the port says."""


NOBODY = Nobody()
