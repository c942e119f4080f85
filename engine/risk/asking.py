"""Rules asked together; one that breaks speaks against the order too."""

from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from engine.model.order import OrderTerms
from engine.model.result import Reason
from engine.model.risk import RiskLimits
from engine.model.symbol import Symbol
from engine.model.windows import TradingWindows
from engine.risk.circumstances import Circumstances
from engine.risk.rulebook import RISK_ERROR, Article
from engine.risk.state import RiskState

LONGEST_DETAIL = 300

Objection = tuple[Article, Reason]

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class BrokenRule(Reason):
    """The reason of a rule that could not be asked: on which symbol, and what broke."""

    symbol: Symbol
    detail: str


class ActiveRules:
    """Those of the opening rules that the policy in force asks; chosen anew when it changes."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self._articles = articles
        self._limits: RiskLimits | None = None
        self._windows: TradingWindows | None = None
        self._active: tuple[Article, ...] = ()
        self._calm: tuple[Article, ...] = ()

    def under(self, limits: RiskLimits, windows: TradingWindows) -> tuple[Article, ...]:
        """The rules to ask; what is off costs nothing."""
        if limits is not self._limits or windows is not self._windows:
            self._active = tuple([a for a in self._articles if a.applies(limits, windows)])
            self._calm = tuple([a for a in self._active if not a.stands])
            self._limits, self._windows = limits, windows
        return self._active

    def with_a_word(self, risk: RiskState) -> tuple[Article, ...]:
        """Those that could have one as things stand."""
        active = self.under(risk.limits, risk.windows)
        return active if risk.trips or risk.locks or risk.breaker is not None else self._calm


def asked(articles: Sequence[Article], terms: OrderTerms, world: Circumstances) -> list[Objection]:
    """All that speaks against it, in the order of the rules."""
    against = []
    for article in articles:
        try:
            reason = article.rule(terms, world)
        except Exception as error:  # whatever it is, nothing goes out unjudged
            reason = _broken(article, terms, error)
        if reason is not None:
            against.append((article, reason))
    return against


def _broken(article: Article, terms: OrderTerms, error: Exception) -> BrokenRule:
    log.exception("risk_rule_broke", rule=article.name, symbol=terms.symbol)
    return BrokenRule(
        RISK_ERROR,
        f"The rule on {article.name} broke over this order, so nothing is sent. Whoever runs "
        "this service finds the details in its log.",
        symbol=terms.symbol,
        detail=f"{article.name}: {type(error).__name__}: {error}"[:LONGEST_DETAIL],
    )
