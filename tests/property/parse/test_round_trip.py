"""A draft, spelt and read again, is itself."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.telegram import parse
from engine.model.account import Wallet
from engine.model.draft import BaseSize, OrderDraft, PartSize, QuoteSize, Size
from engine.model.order import OrderType, Side

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


@st.composite
def drafts(draw: st.DrawFn) -> OrderDraft:
    symbol = draw(st.sampled_from(sorted(QUOTES)))
    kind = draw(
        st.sampled_from([OrderType.MARKET, OrderType.LIMIT, OrderType.STOP, OrderType.STOP_LIMIT])
    )
    priced = kind in (OrderType.LIMIT, OrderType.STOP_LIMIT)
    triggered = kind in (OrderType.STOP, OrderType.STOP_LIMIT)
    return OrderDraft(
        symbol=symbol,
        side=draw(st.sampled_from(Side)),
        size=draw(sizes(symbol)),
        type=kind,
        price=draw(numbers) if priced else None,
        trigger=draw(numbers) if triggered else None,
        wallet=draw(st.sampled_from([Wallet.EXCHANGE, Wallet.MARGIN])),
        post_only=priced and draw(st.booleans()),
        reduce_only=draw(st.booleans()),
        hidden=draw(st.booleans()),
    )


@settings(deadline=None, max_examples=200)
@given(drafts())
def test_a_spelt_draft_is_read_as_itself(draft: OrderDraft) -> None:
    spoken = parse.split_command(parse.spell(draft))
    assert spoken is not None
    assert spoken.name == draft.side.value
    assert parse.order(draft.side, spoken.words) == draft


@settings(deadline=None, max_examples=200)
@given(drafts())
def test_case_and_the_order_of_options_do_not_matter(draft: OrderDraft) -> None:
    _, symbol, size, *options = parse.spell(draft).split()
    assert parse.order(draft.side, (symbol, size.upper(), *map(str.upper, options))) == draft
    flags = [word for word in options if word in {"post", "reduce", "hidden", "margin"}]
    typed = [word for word in options if word not in flags]
    assert parse.order(draft.side, (symbol, size, *reversed(flags), *typed)) == draft
