"""The wallet must be able to trade the pair."""

from engine.model.account import Wallet
from engine.model.order import OrderTerms
from engine.model.result import Reason
from engine.risk.circumstances import Circumstances


def wallet_can_trade(terms: OrderTerms, world: Circumstances) -> Reason | None:
    """Margin orders need a margin pair; reduce-only has no meaning in the exchange wallet."""
    if terms.wallet is Wallet.MARGIN and not world.pair.margin:
        return Reason(
            "no_margin_pair",
            f"{terms.symbol} cannot be traded on margin. Leave out the word margin.",
        )
    if terms.wallet is Wallet.EXCHANGE and terms.reduce_only:
        return Reason(
            "reduce_only_needs_margin",
            "Reduce-only belongs to margin positions. Add the word margin, or leave out reduce.",
        )
    return None
