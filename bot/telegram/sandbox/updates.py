"""Pending updates: queued, polled, confirmed; one poller at a time."""

from dataclasses import dataclass

from bot.telegram.sandbox.errors import POLL_UNDER_WEBHOOK, TWO_POLLERS, bad_request, conflict
from bot.telegram.sandbox.params import Params
from bot.telegram.sandbox.records import AnyRecord, Confirmed, Queued, Subscribed
from bot.telegram.sandbox.shapes import CallbackQuery, Message, ReactionUpdated, Update
from bot.telegram.sandbox.store import Store

_LONGEST_POLL = 50
_MOST_UPDATES = 100
_KINDS = frozenset(("message", "edited_message", "callback_query", "message_reaction"))
_UNASKED = _KINDS - {"message_reaction"}  # what a bot gets without naming kinds


@dataclass(slots=True)
class _Turn:
    """One getUpdates under way; `ended` says why it was cut short."""

    ended: str = ""


class UpdateQueue:
    """What the bot has not seen yet; kept in the store, so it outlives both sides."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._turn = _Turn()

    def draft(
        self,
        *,
        message: Message | None = None,
        edited_message: Message | None = None,
        callback_query: CallbackQuery | None = None,
        message_reaction: ReactionUpdated | None = None,
    ) -> list[AnyRecord]:
        """The record that queues an update, to be committed with its cause; none if unwanted."""
        state = self._store.state
        update = Update(
            update_id=state.next_update_id,
            message=message,
            edited_message=edited_message,
            callback_query=callback_query,
            message_reaction=message_reaction,
        )
        wanted = update.kind in (state.kinds or _UNASKED)
        return [Queued(update=update)] if wanted else []

    async def poll(self, params: Params) -> list[Update]:
        """getUpdates: confirm by offset, then wait for something to deliver."""
        state = self._store.state
        if state.hook.url:
            raise conflict(POLL_UNDER_WEBHOOK)
        self.end_poll(TWO_POLLERS)
        turn = self._turn = _Turn()
        self._confirm(params.number("offset"))
        self.subscribe(params)
        seconds = max(0, min(params.number("timeout"), _LONGEST_POLL))
        await self._store.until(lambda: bool(turn.ended or state.pending), seconds)
        if turn.ended == "closed":
            return []
        if turn.ended:
            raise conflict(turn.ended)
        limit = params.number("limit", _MOST_UPDATES)
        return list(state.pending.values())[
            : limit if 0 < limit <= _MOST_UPDATES else _MOST_UPDATES
        ]

    def _confirm(self, offset: int) -> None:
        pending = self._store.state.pending
        if offset < 0:
            kept = list(pending)[offset:]
            offset = kept[0] if kept else 0
        if any(update_id < offset for update_id in pending):
            self._store.commit(Confirmed(before=offset))

    def subscribe(self, params: Params) -> None:
        """Remember `allowed_updates`, where the call carries them."""
        kinds = params.parsed("allowed_updates", list[str], "allowed_updates")
        if kinds is not None and kinds != self._store.state.kinds:
            self._store.commit(Subscribed(kinds=kinds))

    def drop_pending(self) -> None:
        """Forget everything that waits."""
        if self._store.state.pending:
            self._store.commit(Confirmed(before=self._store.state.next_update_id))

    def end_poll(self, reason: str) -> None:
        """End the getUpdates under way, if any, for this reason."""
        self._turn.ended = reason
        self._store.wake()

    def close(self) -> None:
        """Let the getUpdates under way answer with nothing."""
        self.end_poll("closed")


def webhook_limit(params: Params) -> int:
    """`max_connections`, 1 to 100."""
    limit = params.number("max_connections", 40)
    if not 1 <= limit <= 100:
        raise bad_request("max_connections must be between 1 and 100")
    return limit
