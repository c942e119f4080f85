"""Options that contradict each other: each pair is named, with a line that works."""

from decimal import Decimal

from bot.telegram.grammar.options import Wishes
from bot.telegram.grammar.reading import Reading
from bot.telegram.grammar.refusal import Flaw, quoted
from engine.model.money import plain, round_price
from engine.model.order import OrderType, Side

AT_ONCE = (OrderType.MARKET, OrderType.IOC, OrderType.FOK)
EXITS = ("sl", "tp")

_UP = Decimal("1.05")
_DOWN = Decimal("0.95")


def agree(side: Side, reading: Reading, wishes: Wishes) -> None:
    """Raises a `Flaw` that names the word which does not go with the others."""
    _immediate(wishes)
    _pair(side, reading, wishes)
    _lasting(reading, wishes)
    _guarded(reading, wishes)
    _in_order(side, wishes)


def beyond(price: Decimal, *, above: bool) -> str:
    """A price a little above or below, as it is typed."""
    return plain(round_price(price * (_UP if above else _DOWN)))


def _immediate(wishes: Wishes) -> None:
    """What must trade at once cannot wait in the book."""
    at = wishes.places.get("post")
    if at is not None and wishes.type in (OrderType.IOC, OrderType.FOK):
        says = f"contradicts {quoted(wishes.said)}: the one only waits, the other never does."
        raise Flaw(says, "", at=at)


def _pair(side: Side, reading: Reading, wishes: Wishes) -> None:
    at = wishes.places.get("oco")
    if at is None:
        return
    word = reading.words[at]
    for other in EXITS:
        if other in wishes.places:
            says = f"does not go with {quoted(other)}: oco is a stop beside a limit order, "
            says += "sl and tp follow what an order has filled."
            raise Flaw(says, "", at=at, mend=(at, at + 2))
    buying = side is Side.BUY
    if not wishes.said:
        limit = beyond(wishes.prices["oco"], above=not buying)
        raise Flaw("needs a limit price beside its stop price.", f"limit {limit} {word}", at=at)
    if wishes.type is not OrderType.LIMIT or wishes.price is None:
        says = f"does not go with {quoted(wishes.said)}: only a limit order has a stop beside it."
        raise Flaw(says, "", at=at, mend=(at, at + 2))
    stop = wishes.prices["oco"]
    if stop == wishes.price or (stop > wishes.price) is not buying:
        lies = f"lies {'above' if buying else 'below'} its limit price {plain(wishes.price)}"
        says = f"is on the wrong side: the stop beside a {side.value} order {lies}."
        raise Flaw(says, beyond(wishes.price, above=buying), at=at + 1)


def _lasting(reading: Reading, wishes: Wishes) -> None:
    at = wishes.places.get("tif")
    if at is None or wishes.type not in AT_ONCE:
        return
    if not wishes.said:
        says = "needs a limit price: a market order never waits."
        raise Flaw(says, f"limit 30000 {reading.words[at]}", at=at)
    says = f"does not go with {quoted(wishes.said)}: that order never waits."
    raise Flaw(says, "", at=at, mend=(at, at + 2))


def _guarded(reading: Reading, wishes: Wishes) -> None:
    exits = [each for each in EXITS if each in wishes.places]
    if (at := wishes.places.get("fallback")) is not None and not exits:
        says = "needs sl or tp: it says what to do should those not be taken."
        raise Flaw(says, "", at=at, mend=(at, at + 2))
    if (at := wishes.places.get("reduce")) is not None and exits:
        says = f"does not go with {quoted(reading.words[wishes.places[exits[0]]])}: "
        raise Flaw(says + "exits guard what an order opens.", "", at=at)


def _in_order(side: Side, wishes: Wishes) -> None:
    """A buy's stop loss lies below its entry, its take profit above; a sell's the other way."""
    buying = side is Side.BUY
    entry = wishes.price if wishes.price is not None else wishes.trigger
    loss, gain = wishes.prices.get("sl"), wishes.prices.get("tp")
    for name, mine, above in (("sl", loss, not buying), ("tp", gain, buying)):
        if mine is not None and entry is not None:
            _beside(side, name, (mine, entry, above), wishes)
    if loss is not None and gain is not None and (loss == gain or (gain > loss) is not buying):
        lies = "above" if buying else "below"
        says = f"is on the wrong side: a {side.value}'s take profit lies {lies} its stop loss."
        raise Flaw(says, beyond(loss, above=buying), at=wishes.places["tp"] + 1)


def _beside(side: Side, name: str, place: tuple[Decimal, Decimal, bool], wishes: Wishes) -> None:
    mine, entry, above = place
    if mine != entry and (mine > entry) is above:
        return
    exit_name = "stop loss" if name == "sl" else "take profit"
    lies = f"lies {'above' if above else 'below'} its entry at {plain(entry)}"
    says = f"is on the wrong side: a {side.value}'s {exit_name} {lies}."
    raise Flaw(says, beyond(entry, above=above), at=wishes.places[name] + 1)
