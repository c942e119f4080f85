"""Text -> command, pure: what an operator says, or a refusal that names the word and teaches."""

from bot.telegram.grammar.changes import Amendment, amend
from bot.telegram.grammar.limits import LimitWish, limits
from bot.telegram.grammar.locks import LockWish, lock
from bot.telegram.grammar.orders import bracket, order
from bot.telegram.grammar.people import AuditWish, UsersVerb, UsersWish, audit, users
from bot.telegram.grammar.refusal import Missing, MissingWord, WrongWord
from bot.telegram.grammar.risk_sizes import size
from bot.telegram.grammar.speech import MAX_TEXT, Spoken, nearest, split_command
from bot.telegram.grammar.spelling import spell
from bot.telegram.grammar.symbols import optional_symbol, symbol
from bot.telegram.grammar.targets import CancelTarget, cancel_target, close, reason
from bot.telegram.grammar.targets import order as order_number
from bot.telegram.grammar.templates import TemplateVerb, TemplateWish, is_template_name, template
from bot.telegram.grammar.windows import WindowsVerb, WindowsWish, windows

__all__ = [
    "MAX_TEXT",
    "Amendment",
    "AuditWish",
    "CancelTarget",
    "LimitWish",
    "LockWish",
    "Missing",
    "MissingWord",
    "Spoken",
    "TemplateVerb",
    "TemplateWish",
    "UsersVerb",
    "UsersWish",
    "WindowsVerb",
    "WindowsWish",
    "WrongWord",
    "amend",
    "audit",
    "bracket",
    "cancel_target",
    "close",
    "is_template_name",
    "limits",
    "lock",
    "nearest",
    "optional_symbol",
    "order",
    "order_number",
    "reason",
    "size",
    "spell",
    "split_command",
    "symbol",
    "template",
    "users",
    "windows",
]
