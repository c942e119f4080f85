"""Which path is of which kind."""

import pytest

from engine.bitfinex.patterns import kind_of
from engine.model.endpoint import EndpointType, patterns_of


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("ticker/tBTCUSD", EndpointType.PUBLIC_MARKET),
        ("conf/pub:list:pair:exchange", EndpointType.PUBLIC_MARKET),
        ("auth/r/wallets", EndpointType.PRIVATE_ACCOUNT),
        ("auth/r/orders/hist", EndpointType.PRIVATE_ACCOUNT),
        ("auth/w/order/submit", EndpointType.PRIVATE_TRADING),
        ("auth/w/order/cancel/multi", EndpointType.PRIVATE_TRADING),
        ("auth/r/positions", EndpointType.PRIVATE_MARGIN),
        ("auth/r/info/margin/base", EndpointType.PRIVATE_MARGIN),
        ("auth/w/position/claim", EndpointType.PRIVATE_MARGIN),
    ],
)
def test_the_houses_own_kinds(path: str, kind: EndpointType) -> None:
    assert kind_of(path, ()) is kind


def test_the_operators_patterns_go_first_and_in_order() -> None:
    patterns = patterns_of(r"^auth/r/orders=>PRIVATE_TRADING; wallets$ => PRIVATE_MARGIN;")
    assert kind_of("auth/r/orders", patterns) is EndpointType.PRIVATE_TRADING
    assert kind_of("auth/r/wallets", patterns) is EndpointType.PRIVATE_MARGIN
    assert kind_of("auth/r/info/user", patterns) is EndpointType.PRIVATE_ACCOUNT
    assert patterns_of(" ; ") == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("auth", "pattern 1 must look like REGEX=>TYPE"),
        ("=>PRIVATE_TRADING", "must look like"),
        ("a=>PRIVATE_TRADING;b=>NOTHING", "pattern 2 must end in one of PUBLIC_MARKET"),
        ("a[=>PUBLIC_MARKET", "not a regular expression"),
        ("(a+)+b=>PUBLIC_MARKET", "for ever"),
        ("(a|a)*=>PUBLIC_MARKET", "for ever"),
        (".*.*.*.*x=>PUBLIC_MARKET", "for ever"),
        ("a" * 201 + "=>PUBLIC_MARKET", "too long"),
        ("a=>PUBLIC_MARKET;" * 41, "too many"),
        ("a" * 2001, "too long"),
    ],
)
def test_what_is_wrong_is_said(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        patterns_of(text)
