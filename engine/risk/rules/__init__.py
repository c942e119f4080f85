"""One file a rule: terms and circumstances in, a reason against or None out."""

from collections.abc import Callable

from engine.model.order import OrderTerms
from engine.model.result import Reason
from engine.risk.circumstances import Circumstances

Rule = Callable[[OrderTerms, Circumstances], Reason | None]
