"""Which word is named when an order cannot be read, and what is shown instead."""

# Look-alikes are meant here.
# ruff: noqa: RUF001

import pytest

from bot.telegram.parse import Missing, MissingWord, WrongWord
from tests.unit.parse.lines import refused

NUMBERS = [
    ("1,000", "could be 1000 or 1.", "1000", "1"),
    ("2,500", "could be 2500 or 2.5.", "2500", "2.5"),
    ("0,01", "decimal comma. Use 0.01.", "0.01"),
    ("1,5", "decimal comma. Use 1.5.", "1.5"),
    (",5", "decimal comma. Use 0.5.", "0.5"),
    ("0,500", "decimal comma. Use 0.500.", "0.500"),
    ("0,000", "decimal comma.", "0.01"),
    ("30,000.5", "commas between its thousands. Use 30000.5.", "30000.5"),
    ("1,234,567", "commas between its thousands. Use 1234567.", "1234567"),
    ("1.000,50", "dots between its thousands. Use 1000.50.", "1000.50"),
    ("1.000.000", "dots between its thousands. Use 1000000.", "1000000"),
    ("1'000", "marks between its thousands. Use 1000.", "1000"),
    ("1_000", "marks between its thousands. Use 1000.", "1000"),
    ("1.5k", "shortened with a k. Write all its digits. Use 1500.", "1500"),
    ("2m", "shortened with a letter.", "0.01"),
    ("1e999", "shortened with an e.", "0.01"),
    ("1e99999999999999999999999", "shortened with an e.", "0.01"),
    ("1e-3", "shortened with an e. Write all its digits. Use 0.001.", "0.001"),
    ("1E5", "shortened with an e. Write all its digits. Use 100000.", "100000"),
    ("NaN", "is not a number.", "0.01"),
    ("inf", "is not a number.", "0.01"),
    ("Infinity", "is not a number.", "0.01"),
    ("-1", "has a sign.", "1"),
    ("+1", "has a sign.", "1"),
    ("\N{MINUS SIGN}1", "has a sign.", "1"),
    ("0", "is zero.", "0.01"),
    ("0.00", "is zero.", "0.01"),
    ("0x10", "is not an everyday number.", "0.01"),
    ("١٢", "Arabic-Indic ١ and ٢ at places 1 and 2, not plain 1 and 2. Use 12.", "12"),
    ("½", "is not written in digits and a dot. Use 0.5.", "0.5"),
    ("⅓", "is not written in digits and a dot.", "0.01"),
    ("10²", "superscript two, U+00B2", "0.01"),
    ("1234567890" * 4, "has 40 digits before the dot; at most 15 are read.", "0.01"),
    ("0.123456789", "has 9 decimals; at most 8 are kept. Use 0.12345678.", "0.12345678"),
    ("0.000000001", "has 9 decimals; at most 8 are kept. Use 0.00000001.", "0.00000001"),
    ("0.1000000000", "has 10 decimals; at most 8 are kept. Use 0.1.", "0.1"),
    ("001", "starts with a stray zero.", "1", "0.01"),
    ("01.5", "starts with a stray zero. Use 1.5.", "1.5"),
    ("5.", "ends with a dot. Is something missing? Use 5.", "5"),
    ("1.2.3", "has more than one dot.", "0.01"),
    ("1,", "is not a number.", "0.01"),
    ("0.01;", "is not a number.", "0.01"),
]


@pytest.mark.parametrize("case", NUMBERS, ids=lambda case: case[0][:12])
def test_a_number_that_is_none(case: tuple[str, ...]) -> None:
    word, says, *instead = case
    refusal = refused(f"/buy tBTCUSD {word} post limit 30000")
    assert isinstance(refusal, WrongWord)
    assert refusal.word == word
    assert refusal.sentence.startswith(f"“{word}” ")
    assert says in refusal.sentence
    assert refusal.examples == tuple(f"/buy tBTCUSD {one} post limit 30000" for one in instead)


@pytest.mark.parametrize("case", NUMBERS, ids=lambda case: case[0][:12])
def test_the_same_number_as_a_price(case: tuple[str, ...]) -> None:
    word, says, *_ = case
    refusal = refused(f"/sell tBTCUSD 0.01 limit {word} post")
    assert isinstance(refusal, WrongWord)
    assert refusal.word == word
    assert says.split(".")[0] in refusal.sentence
    assert all(line.startswith("/sell tBTCUSD 0.01 limit ") for line in refusal.examples)
    assert all(line.endswith(" post") for line in refusal.examples)


@pytest.mark.parametrize(
    ("words", "wrong", "says", "examples"),
    [
        ("tBTCUSD $1,000", "$1,000", "could be 1000 or 1.", ("tBTCUSD $1000", "tBTCUSD $1")),
        ("tBTCUSD 1.5kusd", "1.5kusd", "names KUSD", ("tBTCUSD 1.5btc",)),
        ("tBTCUSD -$5", "-$5", "has a sign", ("tBTCUSD $5",)),
        ("tBTCUSD $-5", "$-5", "has a sign", ("tBTCUSD $5",)),
        ("tBTCUSD $5usd", "$5usd", "names its currency twice", ("tBTCUSD $250",)),
        ("tBTCUSD $$5", "$$5", "names its currency twice", ("tBTCUSD $250",)),
        ("tBTCUSD $", "$", "is not a number", ("tBTCUSD $250",)),
        ("tBTCUSD €250", "€250", "has the sign €", ("tBTCUSD $250",)),
        ("tBTCEUR €250", "€250", "has the sign €", ("tBTCEUR 250eur",)),
        ("tBTCUSD 0.01eth", "0.01eth", "tBTCUSD trades BTC for USD", ("tBTCUSD 0.01btc",)),
        ("tBTCUSD 250eur", "250eur", "tBTCUSD trades BTC for USD", ("tBTCUSD 250usd",)),
        ("tBTCEUR $250", "$250", "tBTCEUR trades BTC for EUR", ("tBTCEUR 250eur",)),
        ("tBTCUSD 0,01btc", "0,01btc", "Use 0.01btc", ("tBTCUSD 0.01btc",)),
        ("tBTCUSD 101%", "101%", "at most 100%", ("tBTCUSD 100%",)),
        ("tBTCUSD 0%", "0%", "is zero", ("tBTCUSD 25%",)),
        ("tBTCUSD -5%", "-5%", "has a sign", ("tBTCUSD 5%",)),
        ("tBTCUSD 12,5%", "12,5%", "Use 12.5%", ("tBTCUSD 12.5%",)),
        ("tBTCUSD %", "%", "is not a number", ("tBTCUSD 25%",)),
        ("tBTCUSD half", "half", "Use 50%", ("tBTCUSD 50%",)),
        ("tBTCUSD some", "some", "Write 0.01, $250 or 25%", ("tBTCUSD 0.01",)),
        ("tBTCUSD limit 30000", "limit", "the amount belongs", ("tBTCUSD 0.01 limit 30000",)),
        ("tBTCUSD 1 000", "000", "Write “1000” as one word", ("tBTCUSD 1000",)),
        ("tBTCUSD 1 500", "500", "amount “1500”", ("tBTCUSD 1500", "tBTCUSD 1 limit 500")),
        (
            "tBTCUSD 1 500 000",
            "500",
            "amount “1500000”",
            ("tBTCUSD 1500000", "tBTCUSD 1 limit 500"),
        ),
        ("tBTCUSD 1\N{NO-BREAK SPACE}000", "000", "“1000”", ("tBTCUSD 1000",)),
        ("tBTCUSD 0.01 30 000", "000", "“30000” as one word", ("tBTCUSD 0.01 30000",)),
        (
            "tBTCUSD 0.01 limit 30 000",
            "000",
            "“30000” as one word",
            ("tBTCUSD 0.01 limit 30000",),
        ),
        ("tBTCUSD 0.01 btc", "btc", "“0.01btc” as one word", ("tBTCUSD 0.01btc",)),
        ("tBTCUSD 250 usd", "usd", "“250usd” as one word", ("tBTCUSD 250usd",)),
        ("tBTCUSD 250 $", "$", "“$250” as one word", ("tBTCUSD $250",)),
        ("tBTCUSD $ 1000", "$", "“$1000” as one word", ("tBTCUSD $1000",)),
        ("tBTCUSD 25 %", "%", "“25%” as one word", ("tBTCUSD 25%",)),
        ("0.01 tBTCUSD", "0.01", "symbol first", ("tBTCUSD 0.01",)),
        ("250usd tBTCUSD", "250usd", "symbol first", ("tBTCUSD 250usd",)),
        ("$250 tBTCUSD hidden", "$250", "symbol first", ("tBTCUSD $250 hidden",)),
        ("0.01 limit 30000", "0.01", "symbol first", ("tBTCUSD 0.01 limit 30000",)),
        ("0.01", "0.01", "symbol first", ("tBTCUSD 0.01",)),
        ("limit 30000", "limit", "the symbol belongs", ("tBTCUSD 0.01 limit 30000",)),
        ("tBTCUSD, 0.01", "tBTCUSD,", "is not a symbol", ("tBTCUSD 0.01",)),
        ("ETH_USD 0.01", "ETH_USD", "is not a symbol", ("ETH/USD 0.01",)),
        ("<b>x</b> 0.01", "<b>x</b>", "“<b>x</b>” is not a symbol", ("tBTCUSD 0.01",)),
        ("/sell tBTCUSD 1", "/sell", "second command", ("tBTCUSD 0.01",)),
        ("tBTCUSD 1 /sell tBTCUSD 1", "/sell", "second command", ("tBTCUSD 1",)),
        ("tBTCUSD 1 lmit 30000", "lmit", "not a word of an order", ("tBTCUSD 1 limit 30000",)),
        ("tBTCUSD 1 at 30000", "at", "not a word of an order", ("tBTCUSD 1 30000",)),
        ("tBTCUSD 1 <i>", "<i>", "“<i>” is not a word", ("tBTCUSD 1",)),
        ("tBTCUSD 1 post 30000", "30000", "on its own", ("tBTCUSD 1 post limit 30000",)),
        ("tBTCUSD 1 limit 30000 29000", "29000", "too many", ("tBTCUSD 1 limit 30000",)),
        ("tBTCUSD 1 market 29000", "29000", "too many", ("tBTCUSD 1 market",)),
        ("tBTCUSD 1 limit market", "market", "price of “limit”", ("tBTCUSD 1 limit 30000",)),
        ("tBTCUSD 1 limit post", "post", "price of “limit”", ("tBTCUSD 1 limit 30000 post",)),
        ("tBTCUSD 1 limit $30000", "$30000", "a currency", ("tBTCUSD 1 limit 30000",)),
        ("tBTCUSD 1 limit 30000usd", "30000usd", "a currency", ("tBTCUSD 1 limit 30000",)),
        ("tBTCUSD 1 limit 1%", "1%", "is not a number", ("tBTCUSD 1 limit 30000",)),
        ("tBTCUSD 1 limit soon", "soon", "is not a number", ("tBTCUSD 1 limit 30000",)),
        ("tBTCUSD 1 @30,5", "@30,5", "Use @30.5", ("tBTCUSD 1 @30.5",)),
        ("tBTCUSD 1 stop limit 3 4", "limit", "Write stoplimit", ("tBTCUSD 1 stoplimit 3 4",)),
        (
            "tBTCUSD 1 stop 30000 limit 30100",
            "limit",
            "there is stoplimit",
            ("tBTCUSD 1 stoplimit 30000 30100",),
        ),
        (
            "tBTCUSD 1 limit 30100 stop 30000",
            "stop",
            "there is stoplimit",
            ("tBTCUSD 1 stoplimit 30000 30100",),
        ),
        ("tBTCUSD 1 limit 3 market", "market", "contradicts “limit”", ("tBTCUSD 1 limit 3",)),
        ("tBTCUSD 1 30000 market", "market", "contradicts “30000”", ("tBTCUSD 1 30000",)),
        ("tBTCUSD 1 market stop 3", "stop", "contradicts “market”", ("tBTCUSD 1 market",)),
        ("tBTCUSD 1 market market", "market", "a second time", ("tBTCUSD 1 market",)),
        ("tBTCUSD 1 @3 limit 4", "limit", "a second time", ("tBTCUSD 1 @3",)),
        ("tBTCUSD 1 hidden HIDDEN", "HIDDEN", "said twice", ("tBTCUSD 1 hidden",)),
        ("tBTCUSD 1 @3 post post-only", "post-only", "said twice", ("tBTCUSD 1 @3 post",)),
        ("tBTCUSD 1 limit sl 29000", "sl", "price of “limit”", ("tBTCUSD 1 limit 30000 sl 29000",)),
        ("tBTCUSD 1 trail post", "post", "price of “trail”", ("tBTCUSD 1 trail 500 post",)),
        ("tBTCUSD 1 ioc limit 3", "limit", "price of “ioc”", ("tBTCUSD 1 ioc 30000",)),
        ("tBTCUSD 1 ioc 3 limit 4", "limit", "contradicts “ioc”", ("tBTCUSD 1 ioc 3",)),
        ("tBTCUSD 1 trail 5%", "5%", "is not a number", ("tBTCUSD 1 trail 30000",)),
        ("tBTCUSD 1 @3 sl 2 SL 1", "SL", "said twice", ("tBTCUSD 1 @3 sl 2",)),
    ],
)
def test_the_wrong_word_is_named(
    words: str, wrong: str, says: str, examples: tuple[str, ...]
) -> None:
    refusal = refused(f"/buy {words}")
    assert isinstance(refusal, WrongWord)
    assert refusal.word == wrong
    assert refusal.sentence.startswith(f"“{wrong}” ")
    assert says in refusal.sentence
    assert refusal.examples == tuple(f"/buy {line}" for line in examples)


@pytest.mark.parametrize(
    ("line", "missing", "given", "examples"),
    [
        ("/buy", Missing.SYMBOL, (), ("/buy tBTCUSD 0.01", "/buy tBTCUSD $250 limit 30000")),
        (
            "/sell tETHUSD",
            Missing.AMOUNT,
            ("tETHUSD",),
            ("/sell tETHUSD 0.01", "/sell tETHUSD $250", "/sell tETHUSD 25%"),
        ),
        (
            "/buy tBTCUSD 1 limit",
            Missing.PRICE,
            ("tBTCUSD", "1", "limit"),
            ("/buy tBTCUSD 1 limit 30000",),
        ),
        ("/buy tBTCUSD 1 @", Missing.PRICE, ("tBTCUSD", "1", "@"), ("/buy tBTCUSD 1 @ 30000",)),
        (
            "/buy tBTCUSD 1 post stop-limit",
            Missing.TRIGGER,
            ("tBTCUSD", "1", "post", "stop-limit"),
            ("/buy tBTCUSD 1 post stop-limit 30000 30000",),
        ),
        (
            "/buy tBTCUSD 1 stoplimit 29000",
            Missing.PRICE,
            ("tBTCUSD", "1", "stoplimit", "29000"),
            ("/buy tBTCUSD 1 stoplimit 29000 30000",),
        ),
        (
            "/sell tBTCUSD 1 trail",
            Missing.TRAIL,
            ("tBTCUSD", "1", "trail"),
            ("/sell tBTCUSD 1 trail 500",),
        ),
        ("/buy tBTCUSD 1 sl", Missing.PRICE, ("tBTCUSD", "1", "sl"), ("/buy tBTCUSD 1 sl 30000",)),
        (
            "/buy tBTCUSD 1 @3 tif",
            Missing.MOMENT,
            ("tBTCUSD", "1", "@3", "tif"),
            ("/buy tBTCUSD 1 @3 tif 1h", "/buy tBTCUSD 1 @3 tif 18:00"),
        ),
        (
            "/buy tBTCUSD 1 sl 3 fallback",
            Missing.FALLBACK,
            ("tBTCUSD", "1", "sl", "3", "fallback"),
            ("/buy tBTCUSD 1 sl 3 fallback close", "/buy tBTCUSD 1 sl 3 fallback hold"),
        ),
        (
            "/buy tBTCUSD 1 stop",
            Missing.TRIGGER,
            ("tBTCUSD", "1", "stop"),
            ("/buy tBTCUSD 1 stop 30000",),
        ),
    ],
)
def test_what_is_missing_is_said(
    line: str, missing: Missing, given: tuple[str, ...], examples: tuple[str, ...]
) -> None:
    refusal = refused(line)
    assert isinstance(refusal, MissingWord)
    assert (refusal.missing, refusal.given, refusal.examples) == (missing, given, examples)


@pytest.mark.parametrize("line", ["/buy", "/sell tBTCUSD"])
def test_usage_is_shown_with_what_is_missing(line: str) -> None:
    assert "AMOUNT [limit PRICE]" in refused(line).sentence


def test_a_long_word_is_shown_clipped() -> None:
    refusal = refused(f"/buy {'x' * 100} 1")
    assert refusal.sentence.startswith(f"“{'x' * 39}…” is too long")
    html = refused("/buy tBTCUSD <a/href='//example.org/a/very/long/way'>")
    assert html.sentence.startswith("“<a/href='//example.org/a/very/long/way'>” is not an amount.")


def test_a_refusal_keeps_the_operators_own_words_in_its_example() -> None:
    refusal = refused("/sell BTC/USD 12,5% STOPLIMIT 20000 19900 Reduce margin")
    assert refusal.examples == ("/sell BTC/USD 12.5% STOPLIMIT 20000 19900 Reduce margin",)


def test_when_two_words_are_wrong_the_example_stops_before_the_second() -> None:
    refusal = refused("/buy tBTCUSD 0,01 limit 30.000,5")
    assert refusal.examples == ("/buy tBTCUSD 0.01",)
