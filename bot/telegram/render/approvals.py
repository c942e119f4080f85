"""Messages about wishes that wait for a second person."""

from collections.abc import Sequence

from bot.telegram.render.text import bold, esc, lines


def waits(body: str, names: Sequence[str], seconds: int) -> str:
    """The owner's card while others are asked."""
    asked = " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
    return lines(
        (
            body,
            "",
            f"{bold('Waiting for a second person')}: {esc(asked)}.",
            f"<i>Nothing is sent until then. Expires in {lasting(seconds)}.</i>",
        )
    )


def question(owner: str, body: str, seconds: int) -> str:
    """The card of somebody who may approve it."""
    return lines(
        (
            f"{bold(owner)} asks you to approve",
            "",
            body,
            "",
            f"<i>Risk is looked at again when you do. Expires in {lasting(seconds)}.</i>",
        )
    )


def answered(owner: str, outcome: str) -> str:
    """The same card, once it is decided; `outcome` is what the owner's card says."""
    return f"Asked by {bold(owner)}\n\n{outcome}"


def approved(name: str) -> str:
    """Who agreed."""
    return f"Approved by {bold(name)}."


def rejected(name: str) -> str:
    """Who did not."""
    return f"{bold('Rejected')} by {bold(name)}. Nothing was sent."


def lasting(seconds: int) -> str:
    """So long: `45 s`, `10 min`."""
    number, unit = (seconds, "s") if seconds < 90 else (round(seconds / 60), "min")
    return f"{number}\N{NO-BREAK SPACE}{unit}"
