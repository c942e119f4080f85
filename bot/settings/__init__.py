"""Settings from the environment and `.env`: one frozen tree, checked before anything starts."""

from bot.settings.dry_run import DryRunSettings
from bot.settings.load import (
    default_state_dir,
    load_database_settings,
    load_settings,
    load_telegram_settings,
    load_web_settings,
)
from bot.settings.risk import RiskSettings
from bot.settings.tree import (
    BitfinexSettings,
    DatabaseSettings,
    LogSettings,
    MarketSettings,
    RateSettings,
    RegionSettings,
    Settings,
    TelegramSettings,
    WebSettings,
)

__all__ = [
    "BitfinexSettings",
    "DatabaseSettings",
    "DryRunSettings",
    "LogSettings",
    "MarketSettings",
    "RateSettings",
    "RegionSettings",
    "RiskSettings",
    "Settings",
    "TelegramSettings",
    "WebSettings",
    "default_state_dir",
    "load_database_settings",
    "load_settings",
    "load_telegram_settings",
    "load_web_settings",
]
