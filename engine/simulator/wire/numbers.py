"""Numbers as JavaScript prints them: the only number text the exchange ever sends."""

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_UP, Decimal

EIGHT = Decimal("0.00000001")
SIGNIFICANT = 5


def number_text(value: int | float | Decimal) -> str:
    """JavaScript's shortest form, e.g. `100`, `8.1`, `0.0000011`, `7e-7` (sheet, 6.5)."""
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        plain = repr(value)
        if "e" not in plain:
            return plain.removesuffix(".0") if plain != "-0.0" else "0"
        value = Decimal(plain)
    return _decimal_text(value)


def decimal_of(value: float) -> Decimal:
    """The decimal a reader would see for this float."""
    return Decimal(repr(value))


def to_eight(value: Decimal, rounding: str = ROUND_HALF_EVEN) -> Decimal:
    """Rounded to the eight decimals of amounts and balances."""
    return value.quantize(EIGHT, rounding=rounding)


def eight_down(value: Decimal) -> Decimal:
    return value.quantize(EIGHT, rounding=ROUND_DOWN)


def eight_up(value: Decimal) -> Decimal:
    return value.quantize(EIGHT, rounding=ROUND_UP)


def cut_price(value: Decimal, digits: int = SIGNIFICANT) -> Decimal:
    """The price without surplus significant digits, at most eight decimals (sheet, 4.2)."""
    if not value:
        return Decimal(0)
    unit = Decimal(1).scaleb(max(value.adjusted() - digits + 1, -8))
    return tidy(value.quantize(unit, rounding=ROUND_DOWN) if unit < 1 else value // unit * unit)


def tidy(value: Decimal) -> Decimal:
    """The same number without trailing zeros and without an exponent."""
    if not value:
        return Decimal(0)
    bare = value.normalize()
    exponent = bare.as_tuple().exponent
    return bare.quantize(Decimal(1)) if isinstance(exponent, int) and exponent > 0 else bare


def _decimal_text(value: Decimal) -> str:
    sign, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int):
        raise ValueError(f"{value} is not a number that JSON can carry")
    figures = "".join(map(str, digits)).lstrip("0")
    point = len(figures) + exponent
    figures = figures.rstrip("0")
    if not figures:
        return "0"
    return ("-" if sign else "") + _laid_out(figures, point)


def _laid_out(figures: str, point: int) -> str:
    if len(figures) <= point <= 21:
        return figures + "0" * (point - len(figures))
    if 0 < point <= 21:
        return f"{figures[:point]}.{figures[point:]}"
    if -6 < point <= 0:
        return "0." + "0" * -point + figures
    mantissa = figures[0] + ("." + figures[1:] if len(figures) > 1 else "")
    return f"{mantissa}e{point - 1:+d}"
