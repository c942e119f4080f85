"""What a dry run needs, what it does without, and what it keeps apart."""

from decimal import Decimal
from pathlib import Path

import pytest

from bot.settings import Settings, load_database_settings, load_settings
from engine.model.account import Wallet
from engine.model.errors import ConfigurationError
from tests.unit.bot_frame.environment import NEEDED, loaded, refused


def dry(**more: str) -> Settings:
    keyless = {name: value for name, value in NEEDED.items() if not name.startswith("BITFINEX_")}
    return load_settings({**keyless, "DRY_RUN_ENABLED": "yes", **more}, None)


def test_orders_are_real_unless_it_is_said() -> None:
    settings = loaded()
    assert not settings.dry_run.enabled
    assert (settings.dry_run.maker_fee, settings.dry_run.taker_fee) == (
        Decimal("0.001"),
        Decimal("0.002"),
    )


def test_no_keys_are_needed_and_none_are_missed() -> None:
    settings = dry()
    assert settings.dry_run.enabled
    assert settings.bitfinex.api_key is None
    with pytest.raises(ConfigurationError, match="BITFINEX_API_SECRET is missing"):
        dry(DRY_RUN_ENABLED="no")


def test_a_wrong_word_is_no_dry_run() -> None:
    told = refused(DRY_RUN_ENABLED="perhaps")
    assert "DRY_RUN_ENABLED must be true or false" in told


def test_its_state_has_a_folder_of_its_own() -> None:
    assert dry(GENESIS_STATE_DIR="/srv/g").database.state_dir == Path("/srv/g/dry")
    environ = {"GENESIS_STATE_DIR": "/srv/g", "DRY_RUN_ENABLED": "true"}
    assert load_database_settings(environ, None).state_dir == Path("/srv/g/dry")
    assert loaded(GENESIS_STATE_DIR="/srv/g").database.state_dir == Path("/srv/g")


def test_live_prices_may_come_from_anywhere() -> None:
    simulator = "http://127.0.0.1:8002/v2"
    assert dry(BITFINEX_PUBLIC_API_URL=simulator).bitfinex.public_api_url == simulator


def test_the_purse() -> None:
    assert dry().dry_run.balances == {
        (Wallet.EXCHANGE, "USD"): 10_000,
        (Wallet.EXCHANGE, "BTC"): Decimal("0.5"),
        (Wallet.MARGIN, "USD"): 10_000,
    }
    said = dry(PAPER_BALANCES="USD=7.5, margin:UST=3").dry_run.balances
    assert said == {(Wallet.EXCHANGE, "USD"): Decimal("7.5"), (Wallet.MARGIN, "UST"): 3}


@pytest.mark.parametrize("text", ["USD", "USD=-1", "usd=1", "funding:USD=1", "USD=1e9", "USD=nan"])
def test_a_purse_that_is_none(text: str) -> None:
    assert "PAPER_BALANCES must be balances such as" in refused(PAPER_BALANCES=text)


@pytest.mark.parametrize("rate", ["1", "nan", "-0.5", "free"])
def test_a_fee_that_is_none(rate: str) -> None:
    assert "PAPER_TAKER_FEE must be a rate" in refused(PAPER_TAKER_FEE=rate)
