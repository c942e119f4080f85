"""The lists and maps of `conf/...` (sheet, 2)."""

from collections.abc import Callable, Mapping

from engine.simulator.market.instrument import PERPETUAL, Instrument
from engine.simulator.trading.margin import INITIAL, MAINTENANCE
from engine.simulator.trading.statuses import float_text
from engine.simulator.wire.json import Json, Row
from engine.simulator.wire.refusal import parameter

LABELS = {
    "BTC": "Bitcoin",
    "ETH": "Ethereum",
    "LTC": "Litecoin",
    "XRP": "Ripple",
    "USD": "US Dollar",
    "UST": "Tether USDt",
    "TESTBTC": "Test Bitcoin",
    "TESTUSD": "Test US Dollar",
}
METHODS = {"BTC": "BITCOIN", "ETH": "ETHEREUM", "LTC": "LITECOIN", "XRP": "RIPPLE", "USD": "WIRE"}


class Conf:
    """Answers for the pairs that are traded here."""

    def __init__(self, instruments: list[Instrument]) -> None:
        listed = sorted(instruments, key=lambda instrument: instrument.pair)
        self._instruments = [item for item in listed if not item.derivative]
        self._futures = [item for item in listed if item.derivative]
        self._answers: Mapping[str, Callable[[], Json]] = {
            "pub:list:pair:exchange": self._pairs,
            "pub:list:pair:margin": lambda: self._pairs(margin=True),
            "pub:list:pair:futures": lambda: [item.pair for item in self._futures],
            "pub:list:pair:securities": list,
            "pub:list:pair:exchange:inactive": list,
            "pub:list:currency": self._currencies,
            "pub:list:currency:margin": lambda: self._currencies(margin=True),
            "pub:info:pair": lambda: _infos(self._instruments),
            "pub:info:pair:futures": lambda: _infos(self._futures),
            "pub:info:tx:status": lambda: [_open_way(method) for method in METHODS.values()],
            "pub:map:currency:sym": lambda: [["UST", "USDt"]],
            "pub:map:currency:label": self._labels,
            "pub:map:currency:unit": list,
            "pub:map:currency:undl": self._underlying,
            "pub:map:currency:pool": list,
            "pub:map:currency:explorer": list,
            "pub:map:currency:wfx": list,
            "pub:map:currency:tx:fee": list,
            "pub:map:tx:method": lambda: [[method, [name]] for name, method in METHODS.items()],
            "pub:map:pair:sym": list,
            "pub:spec:margin": dict,
            "pub:fees": list,
        }

    def answer(self, keys: str) -> Row:
        """One element per comma-separated key; an unknown key is refused."""
        wanted = [self._answers.get(key) for key in keys.split(",")]
        return [_asked(answer)() for answer in wanted]

    def _pairs(self, *, margin: bool = False) -> Row:
        return [item.pair for item in self._instruments if item.margin or not margin]

    def _currencies(self, *, margin: bool = False) -> Row:
        named = set[str]()
        for instrument in self._instruments if margin else [*self._instruments, *self._futures]:
            if instrument.margin or not margin:
                named |= {instrument.base, instrument.quote}
        return [*sorted(named)]

    def _underlying(self) -> Row:
        names = {name for item in self._futures for name in (item.base, item.quote)}
        return [[name, name.removesuffix(PERPETUAL)] for name in sorted(names)]

    def _labels(self) -> Row:
        return [[name, LABELS.get(str(name), name)] for name in self._currencies()]


def _infos(instruments: list[Instrument]) -> Row:
    return [[instrument.pair, _info(instrument)] for instrument in instruments]


def _asked(answer: Callable[[], Json] | None) -> Callable[[], Json]:
    if answer is None:
        raise parameter("key")
    return answer


def _open_way(method: str) -> Row:
    """A way to deposit and withdraw that works."""
    return [method, 1, 1, None, None, None, None, 0, 0]


def _info(instrument: Instrument) -> Row:
    sizes: Row = [float_text(instrument.minimum), float_text(instrument.maximum)]
    rates: Row = [INITIAL, MAINTENANCE] if instrument.margin else [None, None]
    return [None, None, None, *sizes, None, None, None, *rates, None, None]
