"""`reply_markup`, read and checked as the real server does."""

from bot.telegram.sandbox.errors import bad_request
from bot.telegram.sandbox.markup import checked_url
from bot.telegram.sandbox.params import Params
from bot.telegram.sandbox.shapes import InlineButton, InlineKeyboard, InputAid

_WHAT = "reply keyboard markup"
_BUTTON_LIMIT = 100
_STYLES = (None, "primary", "success", "danger")


def read_markup(params: Params) -> tuple[InlineKeyboard | None, InputAid | None]:
    """The inline keyboard or the input aid of a call, whichever it carries."""
    shape = params.parsed("reply_markup", dict[str, object], _WHAT)
    if not shape:
        return None, None
    if "inline_keyboard" in shape:
        return read_inline(params), None
    aid = params.parsed("reply_markup", InputAid, _WHAT)
    if aid and aid.keyboard is not None and not any(aid.keyboard):
        raise bad_request("reply markup keyboard must be non-empty")
    return None, aid


def read_inline(params: Params) -> InlineKeyboard | None:
    """The inline keyboard of a call, None where there is none or it holds no button."""
    keyboard = params.parsed("reply_markup", InlineKeyboard, _WHAT)
    if keyboard is None:
        return None
    rows = [[button for button in row if button.text] for row in keyboard.inline_keyboard]
    rows = [row for row in rows if row]
    if sum(map(len, rows)) > _BUTTON_LIMIT:
        raise bad_request("REPLY_MARKUP_TOO_LONG")
    for row in rows:
        for button in row:
            _check(button)
    return InlineKeyboard(inline_keyboard=rows) if rows else None


def _check(button: InlineButton) -> None:
    actions = (
        button.url,
        button.callback_data,
        button.web_app,
        button.switch_inline_query,
        button.switch_inline_query_current_chat,
        button.copy_text,
    )
    if all(action is None for action in actions):
        raise bad_request(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    if button.callback_data is not None and not 1 <= len(button.callback_data.encode()) <= 64:
        raise bad_request("BUTTON_DATA_INVALID")
    if button.url is not None and not checked_url(button.url):
        raise bad_request(f"inline keyboard button URL '{button.url}' is invalid: Wrong HTTP URL")
    if button.style not in _STYLES:
        raise bad_request("can't parse inline keyboard button: Invalid button style specified")
    if button.copy_text and not 1 <= len(button.copy_text.text) <= 256:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")
