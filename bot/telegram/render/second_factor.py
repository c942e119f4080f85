"""Messages about authenticators and their codes."""

from io import BytesIO

import segno

from bot.telegram.render.text import bold, code, esc, lines
from engine.model.factor_result import Enrolment, FactorStatus

SAID = {
    "flatten": "closing positions and the panic",
    "resume": "resuming and resetting",
    "limits": "limits and windows",
    "users": "people and their rights",
    "orders": "large orders",
}


def picture_of(enrolment: Enrolment) -> bytes:
    """The QR picture of a secret, as PNG."""
    drawn = BytesIO()
    segno.make(enrolment.address, error="m", micro=False).save(
        drawn, kind="png", scale=10, border=4
    )
    return drawn.getvalue()


def enrolling(enrolment: Enrolment) -> str:
    """How to make it count."""
    return lines(
        (
            bold("Set up your authenticator"),
            "",
            "1. Scan the picture with your authenticator app. On the same phone, tap this key to "
            "copy it and add it there by hand:",
            code(enrolment.secret),
            "",
            "2. Send me the 6 digits the app shows.",
            "",
            "<i>Show this to nobody. It goes away when the digits are right, or in 5 minutes.</i>",
        )
    )


def enrolled(status: FactorStatus) -> str:
    """It counts now."""
    return lines((bold("Your authenticator is set up"), "", _needed(status), "", _lost()))


def standing(status: FactorStatus) -> str:
    """How it stands."""
    return lines((bold("Your authenticator is on"), "", _needed(status), "", _lost()))


def off(name: str = "") -> str:
    """It counts no longer."""
    whose = f"{esc(name)}'s authenticator" if name else "Your authenticator"
    again = "" if name else " /2fa sets up another."
    return f"<b>{whose} is off</b>. No code is asked for any more.{again}"


def prompt(what: str, minutes: int, trouble: str = "") -> str:
    """Asks for a code; `what` waits for it, in HTML."""
    said = [bold("Send the 6-digit code"), f"of your authenticator, to go on with {what}."]
    if trouble:
        said += ["", f"<b>{esc(trouble)}</b>"]
    wait = "1 minute" if minutes == 1 else f"{minutes} minutes"
    said += ["", f"<i>Within {wait}. I delete your message with the code.</i>"]
    return lines(said)


def locked_out(*, over_api: bool = False) -> str:
    """Somebody's codes were wrong too often."""
    if over_api:
        return (
            f"{bold('Too many wrong codes over the API')}: none is looked at there for a while. If "
            "it was not their owner, end their API tokens in /users now."
        )
    return (
        f"{bold('Too many wrong codes')}: an authenticator is locked for a while. If it was not "
        "its owner, freeze them in /users now."
    )


def taken_off(member_id: str) -> str:
    """Somebody's authenticator counts no longer, and they did not do it themselves."""
    return f"{bold('An authenticator was taken off')}: that of {code(member_id)}."


def _needed(status: FactorStatus) -> str:
    if not status.needed_for:
        return "No action asks for its code here."
    return f"Its code is asked for before: {', '.join(SAID[kind] for kind in status.needed_for)}."


def _lost() -> str:
    return (
        "Lost the phone? Another admin takes it off, or genesis people on the server's console. "
        "/2fa off does so with a code."
    )
