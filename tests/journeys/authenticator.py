"""An authenticator app in a person's hand."""

import base64
import re
from dataclasses import dataclass, field

from engine.people.totp import STEP_SECONDS, code_at, step_of
from tests.journeys.people import Person


@dataclass
class Authenticator:
    """What an app shows that has been shown the secret; a code is told once."""

    person: Person
    secret: bytes
    told: set[int] = field(default_factory=set)

    async def code(self) -> str:
        """The code of now; after one that was told, time goes on to the next."""
        clock = self.person.stage.clock
        while (step := step_of(clock.now())) in self.told:
            await self.person.stage.passes(STEP_SECONDS)
        self.told.add(step)
        return code_at(self.secret, step)

    def wrong(self) -> str:
        """Six digits that are no code now."""
        now = step_of(self.person.stage.clock.now())
        right = {code_at(self.secret, now + step) for step in range(-2, 3)}
        return next(code for code in map(str, range(918_273, 918_279)) if code not in right)


async def enrolled(person: Person) -> Authenticator:
    """Set one up, from /2fa to the confirming code."""
    shown = await person.asks("/2fa", "Set up your authenticator")
    app = Authenticator(person, secret_in(shown.text))
    said = await person.says(await app.code())
    await person.hears("Your authenticator is set up", after=said)
    return app


def secret_in(text: str) -> bytes:
    """The key a message shows to be typed."""
    found = re.search(r"\b[A-Z2-7]{32}\b", text)
    assert found, text
    return base64.b32decode(found[0])
