"""Text -> command, pure: what an operator says, or a refusal that names the word and teaches."""

from bot.telegram.grammar.orders import order
from bot.telegram.grammar.refusal import Missing, MissingWord, WrongWord
from bot.telegram.grammar.speech import MAX_TEXT, Spoken, nearest, split_command
from bot.telegram.grammar.spelling import spell
from bot.telegram.grammar.symbols import optional_symbol, symbol
from bot.telegram.grammar.targets import CancelTarget, cancel_target, close, reason

__all__ = [
    "MAX_TEXT",
    "CancelTarget",
    "Missing",
    "MissingWord",
    "Spoken",
    "WrongWord",
    "cancel_target",
    "close",
    "nearest",
    "optional_symbol",
    "order",
    "reason",
    "spell",
    "split_command",
    "symbol",
]
