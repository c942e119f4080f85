"""An environment with all that is needed and nothing more."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.settings import Settings, load_settings
from engine.model.errors import ConfigurationError

NEEDED: Mapping[str, str] = {
    "HOME": "/home/olivia",
    "BITFINEX_API_KEY": "k3y-of-the-desk",
    "BITFINEX_API_SECRET": "hush-of-the-desk",
    "TELEGRAM_BOT_TOKEN": "4242:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc",
}


def loaded(env_file: Path | None = None, /, **more: str) -> Settings:
    return load_settings({**NEEDED, **more}, env_file)


def refused(env_file: Path | None = None, /, **more: str) -> str:
    """The one line that says what is wrong."""
    with pytest.raises(ConfigurationError) as caught:
        loaded(env_file, **more)
    assert "\n" not in caught.value.sentence
    return caught.value.sentence
