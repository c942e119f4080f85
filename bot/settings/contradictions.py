"""Settings that are right alone and wrong together."""

from collections.abc import Collection, Iterator
from urllib.parse import urlsplit

from bot.settings.safeguards import SafeguardSettings
from bot.settings.tree import BitfinexSettings, Settings, WebSettings
from bot.settings.values import is_loopback
from engine.people.factors import ActionClass

PAIRS = (
    ("BITFINEX_WS_API_KEY", "BITFINEX_WS_API_SECRET"),
    ("TELEGRAM_WEBHOOK_URL", "TELEGRAM_WEBHOOK_SECRET"),
)


def contradictions(settings: Settings) -> Iterator[str]:
    """What cannot stand together, and how to mend it."""
    yield from _of_web(settings.web)
    yield from _of_safeguards(settings.safeguards)
    if not settings.dry_run.enabled:
        yield from _of_bitfinex(settings.bitfinex)


def halves(given: Collection[str]) -> Iterator[str]:
    """Names of which only one of two is set."""
    for pair in PAIRS:
        there = [name for name in pair if name in given]
        if len(there) == 1:
            missing = next(name for name in pair if name not in given)
            yield f"{there[0]} is set without {missing}: set both or none"


def _of_web(web: WebSettings) -> Iterator[str]:
    if not web.loopback and web.auth_required and web.jwt_secret_key is None:
        yield (
            "HOST is open to other machines but JWT_SECRET_KEY is missing: set it to what "
            "'openssl rand -hex 32' prints, or set HOST to 127.0.0.1"
        )


def _of_safeguards(safeguards: SafeguardSettings) -> Iterator[str]:
    if safeguards.order_notional and ActionClass.ORDERS not in safeguards.needed_for:
        yield (
            "SECOND_FACTOR_ORDER_NOTIONAL means nothing while SECOND_FACTOR_FOR does not name "
            "orders: add orders there, or remove it"
        )


def _of_bitfinex(bitfinex: BitfinexSettings) -> Iterator[str]:
    private = _local(bitfinex.api_url)
    if private != _local(bitfinex.ws_auth_uri):
        yield (
            "BITFINEX_API_URL and BITFINEX_WS_AUTH_URI mean different exchanges, "
            "one on this machine and one not: set both or none"
        )
    public = (_local(bitfinex.public_api_url), _local(bitfinex.ws_public_uri))
    if any(public) and not private:
        yield (
            "BITFINEX_PUBLIC_API_URL and BITFINEX_WS_PUBLIC_URI must not be on this machine "
            "while BITFINEX_API_URL is the real exchange: real orders need real prices"
        )


def _local(address: str) -> bool:
    return is_loopback(urlsplit(address).hostname or "")
