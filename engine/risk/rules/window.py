"""Nothing is opened outside the trading windows."""

from engine.model.order import OrderTerms
from engine.model.result import Reason
from engine.risk.circumstances import Circumstances
from engine.risk.windows import is_open, next_change
from engine.risk.wording import moment


def within_window(terms: OrderTerms, world: Circumstances) -> Reason | None:
    """The next opening is named in the windows' own zone."""
    windows = world.risk.windows
    if is_open(windows, world.now):
        return None
    opens = next_change(windows, world.now)
    if opens is None:
        return Reason(
            "window_closed",
            "Trading is closed, and no window opens within a year. An admin changes the windows "
            "with /windows.",
        )
    return Reason(
        "window_closed",
        "Trading is closed now; it opens at "
        f"{moment(opens, world.now, windows.zone)}. /windows shows the hours.",
    )
