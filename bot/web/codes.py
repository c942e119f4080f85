"""The code of an authenticator over REST: in a header, for one wish."""

import re
from typing import Final

from engine.desk import Desk
from engine.model.actor import Actor
from engine.model.errors import InvalidInput, NotAllowed, SecondFactorMissing, SecondFactorNeeded
from engine.model.factor_command import GiveCode
from engine.model.ids import CommandId
from engine.model.result import Refused
from engine.via import coming_by

HEADER: Final = "X-Code"
_DIGITS: Final = re.compile("[0-9]{6}")


class WrongCode(NotAllowed):
    """That code is wrong, or was used before."""

    code = "wrong_code"


class LockedOut(NotAllowed):
    """Too many codes were wrong."""

    code = "locked_out"


def code_in(text: str) -> str:
    """The code that was sent; `InvalidInput` for what cannot be one, which is no try."""
    if text and not _DIGITS.fullmatch(text):
        raise InvalidInput(f"{HEADER} is the 6 digits that your authenticator shows.")
    return text


async def show_code(desk: Desk, actor: Actor, path: str, wish: CommandId, code: str) -> None:
    """Look at the code sent with a wish; raises what says that it opens nothing."""
    if not code:
        needed = SecondFactorNeeded(
            f"This needs the 6-digit code of your authenticator, in the header {HEADER}."
        )
        with coming_by(actor.via):
            await desk.admission.refused(actor.actor_id, path, (needed.sentence,))
        raise needed
    said = await desk.execute(actor, GiveCode(code, wish), CommandId(f"{wish}:code"))
    if not isinstance(said, Refused):
        return
    (reason,) = said.reasons
    match reason.code:
        case "wrong_code":
            raise WrongCode(reason.sentence)
        case "locked_out":
            raise LockedOut(reason.sentence)
        case _:
            raise SecondFactorMissing(reason.sentence)
