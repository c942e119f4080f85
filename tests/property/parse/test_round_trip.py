"""A draft, spelt and read again, is itself."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.telegram import parse
from engine.model.account import Wallet
from engine.model.bracket import Fallback
from engine.model.draft import BaseSize, BracketDraft, OrderDraft, PartSize, QuoteSize, Size
from engine.model.order import OrderType, Side
from tests.unit.parse.lines import NOW

QUOTES = {
    "tBTCUSD": "USD",
    "ethusd": "USD",
    "BTC/EUR": "EUR",
    "tAAVE:USD": "USD",
    "tBTCUST": "UST",
    "tBTCF0:USTF0": "USTF0",
    "tTESTBTC:TESTUSD": "TESTUSD",
    "1INCH:USD": "USD",
}

numbers = st.decimals(
    min_value=Decimal("0.00000001"), max_value=Decimal(10**15 - 1), places=8, allow_nan=False
)
percents = st.decimals(min_value=Decimal("0.01"), max_value=Decimal(100), places=2, allow_nan=False)


def sizes(symbol: str) -> st.SearchStrategy[Size]:
    return st.one_of(
        numbers.map(BaseSize),
        numbers.map(lambda amount: QuoteSize(amount, QUOTES[symbol])),
        percents.map(PartSize),
    )


PRICED = (OrderType.LIMIT, OrderType.STOP_LIMIT, OrderType.IOC, OrderType.FOK)
TRIGGERED = (OrderType.STOP, OrderType.STOP_LIMIT)
WAITING = (OrderType.LIMIT, OrderType.STOP, OrderType.STOP_LIMIT, OrderType.TRAILING_STOP)
IMMEDIATE = (OrderType.IOC, OrderType.FOK)

prices = st.integers(min_value=2, max_value=10**9).map(Decimal)
moments = st.integers(min_value=1, max_value=360 * 86400).map(
    lambda seconds: NOW.replace(microsecond=0) + timedelta(seconds=seconds)
)


@st.composite
def drafts(draw: st.DrawFn, kinds: Sequence[OrderType] = tuple(OrderType)) -> OrderDraft:
    symbol = draw(st.sampled_from(sorted(QUOTES)))
    kind, side = draw(st.sampled_from(kinds)), draw(st.sampled_from(Side))
    limit = draw(prices)
    paired = kind is OrderType.LIMIT and draw(st.booleans())
    lasting = kind in WAITING and draw(st.booleans())
    return OrderDraft(
        symbol=symbol,
        side=side,
        size=draw(sizes(symbol)),
        type=kind,
        price=limit if kind in PRICED else None,
        trigger=draw(prices) if kind in TRIGGERED else None,
        trail=draw(numbers) if kind is OrderType.TRAILING_STOP else None,
        oco_stop=limit + side.sign if paired else None,
        good_until=draw(moments) if lasting else None,
        wallet=draw(st.sampled_from([Wallet.EXCHANGE, Wallet.MARGIN])),
        post_only=kind not in IMMEDIATE and draw(st.booleans()),
        reduce_only=draw(st.booleans()),
        hidden=draw(st.booleans()),
    )


@st.composite
def brackets(draw: st.DrawFn) -> BracketDraft:
    entry = replace(draw(drafts()), oco_stop=None, reduce_only=False)
    middle = entry.price or entry.trigger or draw(prices)
    away = entry.side.sign * Decimal("0.5")
    exits = draw(st.sampled_from(["both", "loss", "gain"]))
    return BracketDraft(
        entry=entry,
        stop_loss=middle - away if exits != "gain" else None,
        take_profit=middle + away if exits != "loss" else None,
        fallback=draw(st.sampled_from(Fallback)),
    )


@settings(deadline=None, max_examples=300)
@given(drafts() | brackets())
def test_a_spelt_draft_is_read_as_itself(draft: OrderDraft | BracketDraft) -> None:
    spoken = parse.split_command(parse.spell(draft))
    assert spoken is not None
    assert parse.order(Side(spoken.name), spoken.words, NOW) == draft


@settings(deadline=None, max_examples=100)
@given(brackets())
def test_a_bracket_says_the_same_in_both_commands(draft: BracketDraft) -> None:
    side, *words = parse.spell(draft).removeprefix("/").split()
    assert parse.bracket((side, *words), NOW) == draft


@settings(deadline=None, max_examples=200)
@given(drafts() | brackets())
def test_case_and_the_order_of_options_do_not_matter(draft: OrderDraft | BracketDraft) -> None:
    command, symbol, size, *options = parse.spell(draft).split()
    side = Side(command.removeprefix("/"))
    assert parse.order(side, (symbol, size.upper(), *map(str.upper, options)), NOW) == draft
    flags = [word for word in options if word in {"post", "reduce", "hidden", "margin"}]
    typed = [word for word in options if word not in flags]
    assert parse.order(side, (symbol, size, *reversed(flags), *typed), NOW) == draft


@settings(deadline=None, max_examples=100)
@given(drafts() | brackets())
def test_a_template_is_the_order_it_was_saved_as(draft: OrderDraft | BracketDraft) -> None:
    timeless = (
        replace(draft, entry=replace(draft.entry, good_until=None))
        if isinstance(draft, BracketDraft)
        else replace(draft, good_until=None)
    )
    wish = parse.template(("save", "dip", *parse.spell(timeless).split()), NOW)
    assert (wish.name, wish.draft) == ("dip", timeless)
