"""What is traded: pairs, their smallest and largest orders, and how they tend to move."""

from dataclasses import dataclass
from decimal import Decimal

from engine.simulator.wire.refusal import parameter

PERPETUAL = "F0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """One trading pair; sizes are in base currency, `depth` is a typical level of its book."""

    symbol: str
    base: str
    quote: str
    minimum: Decimal = Decimal("0.002")
    maximum: Decimal = Decimal(100_000)
    margin: bool = False
    price: float = 100.0
    depth: float = 20.0

    @property
    def pair(self) -> str:
        return self.symbol[1:]

    @property
    def derivative(self) -> bool:
        """Whether it is a perpetual future such as `tBTCF0:USTF0`."""
        return self.base.endswith(PERPETUAL) and self.quote.endswith(PERPETUAL)

    @property
    def underlying(self) -> str:
        """The spot pair's symbol that a perpetual follows."""
        base, quote = self.base.removesuffix(PERPETUAL), self.quote.removesuffix(PERPETUAL)
        return f"t{base}{quote}" if len(base) == len(quote) == 3 else f"t{base}:{quote}"


def split_symbol(symbol: str) -> tuple[str, str]:
    """Base and quote of `tBTCUSD` or `tTESTBTC:TESTUSD`; refused when it is neither."""
    pair = symbol[1:]
    base, colon, quote = pair.partition(":")
    if not symbol.startswith("t") or not pair.replace(":", "", 1).isalnum():
        raise parameter("symbol")
    if colon and base and quote and len(base) + len(quote) > 6:
        return base, quote
    if not colon and len(pair) == 6:
        return pair[:3], pair[3:]
    raise parameter("symbol")


def _known(
    symbol: str, minimum: str, maximum: int, price: float, depth: float, margin: bool = True
) -> Instrument:
    base, quote = split_symbol(symbol)
    return Instrument(
        symbol=symbol,
        base=base,
        quote=quote,
        minimum=Decimal(minimum),
        maximum=Decimal(maximum),
        margin=margin,
        price=price,
        depth=depth,
    )


KNOWN = {
    instrument.symbol: instrument
    for instrument in (
        _known("tBTCUSD", "0.00004", 2_000, 30_000.0, 0.4),
        _known("tETHUSD", "0.0006", 5_000, 2_000.0, 5.0),
        _known("tETHBTC", "0.0006", 5_000, 0.066, 4.0),
        _known("tLTCUSD", "0.04", 10_000, 80.0, 60.0),
        _known("tXRPUSD", "4.0", 500_000, 0.6, 6_000.0),
        _known("tTESTBTC:TESTUSD", "0.00004", 2_000, 30_000.0, 0.4),
        _known("tTESTBTC:TESTUSDT", "0.00004", 2_000, 30_000.0, 0.4),
        _known("tBTCF0:USTF0", "0.00004", 100, 30_000.0, 0.4),
        _known("tTESTBTCF0:TESTUSDTF0", "0.00004", 100, 30_000.0, 0.4),
    )
}


def instrument_of(symbol: str) -> Instrument:
    """The pair's own figures, or plain ones for a pair only known from a candle file."""
    if symbol in KNOWN:
        return KNOWN[symbol]
    base, quote = split_symbol(symbol)
    return Instrument(symbol=symbol, base=base, quote=quote)
