"""What happens when somebody decides about something made elsewhere."""

from bot.telegram.presses import StrayVerb
from bot.telegram.render import strays as render
from bot.telegram.screen import Screen
from bot.telegram.sender import Sender
from bot.telegram.strays import Stray, Strays
from engine.desk import Desk
from engine.model.actor import Actor
from engine.model.command import AdoptOrder, AdoptPosition, IgnoreOrder, IgnorePosition
from engine.model.query import ShowStrays
from engine.model.result import Done, Refused

NOTHING_LEFT = "There is nothing left to decide about it."


class StrayDecisions:
    """Adopts or ignores, once, and edits the answer into every message that asked."""

    def __init__(self, desk: Desk, strays: Strays, sender: Sender) -> None:
        self._desk = desk
        self._strays = strays
        self._sender = sender

    async def decide(self, actor: Actor, stray: Stray, verb: StrayVerb) -> str:
        """The short word for the one who pressed."""
        if not await self._waits(actor, stray):
            await self._answer(stray, {told.body: render.gone(told.body) for told in stray.told})
            return NOTHING_LEFT
        done = await self._carry_out(actor, stray, verb)
        if isinstance(done, Refused):
            return " ".join(reason.sentence for reason in done.reasons)
        word = "Adopted" if verb is StrayVerb.ADOPT else "Left alone"
        answers = {told.body: render.decided(told.body, word, actor.name) for told in stray.told}
        await self._answer(stray, answers)
        return f"{word}."

    async def _waits(self, actor: Actor, stray: Stray) -> bool:
        seen = await self._desk.ask(actor, ShowStrays())
        return any(order.key == stray.order for order in seen.orders) or any(
            position.symbol == stray.symbol for position in seen.positions
        )

    async def _carry_out(self, actor: Actor, stray: Stray, verb: StrayVerb) -> Done | Refused:
        adopt = verb is StrayVerb.ADOPT
        if stray.order is not None:
            wish = AdoptOrder(stray.order) if adopt else IgnoreOrder(stray.order)
            return await self._desk.execute(actor, wish, stray.command_id)
        if stray.symbol is not None:
            about = AdoptPosition(stray.symbol) if adopt else IgnorePosition(stray.symbol)
            return await self._desk.execute(actor, about, stray.command_id)
        return Done(repeated=True)

    async def _answer(self, stray: Stray, answers: dict[str, str]) -> None:
        """Only then it is taken off the shelf: a crash before leaves the buttons at work."""
        for told in stray.told:
            await self._sender.edit(told.chat_id, told.message_id, Screen(answers[told.body]))
        await self._strays.remove(stray)
