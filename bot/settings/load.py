"""From names and texts to checked settings, or to one line that says all that is wrong."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from bot.settings.contradictions import contradictions, halves
from bot.settings.dry_run import DryRunSettings
from bot.settings.group import Group
from bot.settings.names import KNOWN, complaint, descriptions, groups_of
from bot.settings.source import read_env_file
from bot.settings.tree import DatabaseSettings, Settings, TelegramSettings, WebSettings
from engine.model.errors import ConfigurationError

G = TypeVar("G", bound=Group)

LONGEST_VALUE = 10_000
DRY_FOLDER = "dry"
FALLBACKS = {
    "BITFINEX_WS_API_KEY": "BITFINEX_API_KEY",
    "BITFINEX_WS_API_SECRET": "BITFINEX_API_SECRET",
    "BITFINEX_PUBLIC_API_URL": "BITFINEX_API_URL",
}


def load_settings(environ: Mapping[str, str], env_file: Path | None) -> Settings:
    """The settings of a service from its environment and, where that is silent, from a file.

    An empty value is as good as none. Raises `ConfigurationError` with one line that names every
    problem and how to mend it, never a value.
    """
    known, problems = _read(environ, env_file)
    problems += [*halves(known), *_missing_keys(known)]
    tree: dict[str, dict[str, str]] = {group: {} for group, _ in groups_of(Settings)}
    for name, value in _filled(known, environ).items():
        tree[KNOWN[name]][name] = value
    try:
        settings = Settings.model_validate(tree)
    except ValidationError as error:
        problems += _explained(error, known)
        raise _refusal(problems) from None
    problems += contradictions(settings)
    if problems:
        raise _refusal(problems)
    return settings


def load_database_settings(environ: Mapping[str, str], env_file: Path | None) -> DatabaseSettings:
    """Only where the database is, for commands that need no exchange and no chat; as above."""
    return _load_group("database", DatabaseSettings, environ, env_file)


def load_web_settings(environ: Mapping[str, str], env_file: Path | None) -> WebSettings:
    """Only the side app's, for who makes tokens; as above."""
    return _load_group("web", WebSettings, environ, env_file)


def load_telegram_settings(environ: Mapping[str, str], env_file: Path | None) -> TelegramSettings:
    """Only the chat's, for who must know the people that the settings admit; as above."""
    return _load_group("telegram", TelegramSettings, environ, env_file)


def _load_group(group: str, kind: type[G], environ: Mapping[str, str], env_file: Path | None) -> G:
    known, problems = _read(environ, env_file)
    filled = _filled(known, environ)
    ours = {name: value for name, value in filled.items() if KNOWN[name] == group}
    try:
        settings = kind.model_validate(ours)
    except ValidationError as error:
        problems += _explained(error, known)
        raise _refusal(problems) from None
    if problems:
        raise _refusal(problems)
    return settings


def default_state_dir(environ: Mapping[str, str]) -> Path:
    """The folder in the user's data directory where Genesis keeps its state."""
    data = Path(environ.get("XDG_DATA_HOME") or "")
    if not data.is_absolute():
        data = Path(environ.get("HOME") or Path.home()) / ".local" / "share"
    return data / "genesis"


def _read(environ: Mapping[str, str], env_file: Path | None) -> tuple[Mapping[str, str], list[str]]:
    """The settings that say something, and what is wrong with names and lines."""
    filed, problems = read_env_file(env_file) if env_file else ({}, [])
    given = {name: value.strip() for name, value in {**filed, **environ}.items()}
    spoken = {name: value for name, value in given.items() if value}
    problems += [text for name in given if (text := complaint(name, given[name], spoken))]
    known = {name: value for name, value in spoken.items() if name in KNOWN}
    problems += [f"{name} is too long" for name in known if len(known[name]) > LONGEST_VALUE]
    return known, problems


def _filled(known: Mapping[str, str], environ: Mapping[str, str]) -> Mapping[str, str]:
    fallen = {name: known[other] for name, other in FALLBACKS.items() if other in known}
    filled = {"GENESIS_STATE_DIR": str(default_state_dir(environ))} | fallen | dict(known)
    if _is_dry(known):
        filled["GENESIS_STATE_DIR"] = str(Path(filled["GENESIS_STATE_DIR"]) / DRY_FOLDER)
    return filled


def _is_dry(known: Mapping[str, str]) -> bool:
    said = {name: known[name] for name in ("DRY_RUN_ENABLED",) if name in known}
    try:
        return DryRunSettings.model_validate(said).enabled
    except ValidationError:
        return False


def _missing_keys(known: Mapping[str, str]) -> Iterator[str]:
    """Only a dry run goes without them."""
    wanted = descriptions()
    for name in ("BITFINEX_API_KEY", "BITFINEX_API_SECRET"):
        if name not in known and not _is_dry(known):
            yield f"{name} is missing: set it to {wanted[name]}"


def _explained(error: ValidationError, given: Mapping[str, str]) -> Iterator[str]:
    wanted = descriptions()
    for detail in error.errors(include_url=False, include_input=False):
        name = next(part for part in detail["loc"] if isinstance(part, str) and part in KNOWN)
        if name in FALLBACKS and name not in given:
            continue  # it is said of the one this falls back to
        if detail["type"] == "missing":
            yield f"{name} is missing: set it to {wanted[name]}"
        elif detail["type"] == "value_error":
            yield f"{name} {detail['ctx']['error']}"
        else:
            yield f"{name} must be {wanted[name]}"


def _refusal(problems: list[str]) -> ConfigurationError:
    told = "; ".join(dict.fromkeys(problems))
    return ConfigurationError(f"Settings: {told}. Mend this in the environment or in .env.")
