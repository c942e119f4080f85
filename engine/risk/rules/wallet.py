"""The wallet must be able to trade the pair."""

from engine.model.account import Wallet
from engine.model.order import OrderTerms
from engine.model.result import Reason
from engine.model.symbol import is_derivative
from engine.risk.circumstances import Circumstances


def wallet_can_trade(terms: OrderTerms, world: Circumstances) -> Reason | None:
    """Margin orders need a margin pair; reducing has no meaning in the exchange wallet."""
    derivative = is_derivative(terms.symbol)
    if terms.wallet is not Wallet.MARGIN and derivative:
        return Reason(
            "derivative_needs_margin",
            f"{terms.symbol} is a derivative. Add the word margin.",
        )
    ends = terms.reduce_only or terms.close  # a pair taken off margin must not hold its positions
    if terms.wallet is Wallet.MARGIN and not (world.pair.margin or derivative or ends):
        return Reason(
            "no_margin_pair",
            f"{terms.symbol} cannot be traded on margin. Leave out the word margin.",
        )
    if terms.wallet is Wallet.EXCHANGE and (terms.reduce_only or terms.close):
        return Reason(
            "reduce_only_needs_margin",
            "Reduce-only belongs to margin positions. Add the word margin, or leave out reduce.",
        )
    return None
