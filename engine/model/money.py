"""Exact amounts and prices, at the exchange's precision (facts sheet 4.2, 4.5)."""

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal

PRICE_DIGITS = 5
AMOUNT_DECIMALS = 8
_HUNDREDTH = Decimal("0.01")
_AMOUNT_STEP = Decimal(1).scaleb(-AMOUNT_DECIMALS)
_STEPS = {exponent: Decimal(1).scaleb(exponent) for exponent in range(-AMOUNT_DECIMALS, 1)}


def cut_amount(amount: Decimal) -> Decimal:
    """`amount` without what lies beyond 8 decimals; never rounded up."""
    return amount.quantize(_AMOUNT_STEP, rounding=ROUND_DOWN).normalize() + 0


def round_price(price: Decimal) -> Decimal:
    """`price` at 5 significant digits and at most 8 decimals."""
    if price == 0:
        return Decimal(0)
    return _to_digits(price).normalize() + 0


def is_price(price: Decimal) -> bool:
    """Whether the exchange would take `price` to the letter."""
    return price > 0 and _to_digits(price) == price


def is_amount(amount: Decimal) -> bool:
    """Whether the exchange would take `amount` to the letter."""
    return amount > 0 and amount.quantize(_AMOUNT_STEP) == amount


def of_market(value: float) -> Decimal:
    """A market datum as money: the shortest decimal that means the same float."""
    return Decimal(repr(value))


def readable(value: Decimal) -> str:
    """For a sentence: grouped by thousands, hundredths enough where it is large."""
    if abs(value) < 1000:
        return plain(value)
    whole, _, fraction = plain(value.quantize(_HUNDREDTH, rounding=ROUND_DOWN)).partition(".")
    return f"{int(whole):,}.{fraction}" if fraction else f"{int(whole):,}"


def plain(value: Decimal) -> str:
    """Digits without exponent and without idle zeros: `0.001`, `30000`."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _to_digits(price: Decimal) -> Decimal:
    exponent = max(price.adjusted() - PRICE_DIGITS + 1, -AMOUNT_DECIMALS)
    step = _STEPS.get(exponent) or Decimal(1).scaleb(exponent)
    return price.quantize(step, rounding=ROUND_HALF_EVEN)
