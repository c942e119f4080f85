"""From names and texts to checked settings, or to one line that says all that is wrong."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import ValidationError

from bot.settings.contradictions import contradictions, halves
from bot.settings.names import KNOWN, complaint, descriptions, groups_of
from bot.settings.source import read_env_file
from bot.settings.tree import Settings
from engine.model.errors import ConfigurationError

LONGEST_VALUE = 10_000
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
    filed, problems = read_env_file(env_file) if env_file else ({}, [])
    given = {name: value.strip() for name, value in {**filed, **environ}.items()}
    spoken = {name: value for name, value in given.items() if value}
    problems += [text for name in given if (text := complaint(name, given[name], spoken))]
    known = {name: value for name, value in spoken.items() if name in KNOWN}
    problems += halves(known)
    settings = _checked(_filled(known, environ), problems)
    if settings is not None:
        problems += contradictions(settings)
    if problems or settings is None:
        raise ConfigurationError(_sentence(problems))
    return settings


def default_state_dir(environ: Mapping[str, str]) -> Path:
    """The folder in the user's data directory where Genesis keeps its state."""
    data = Path(environ.get("XDG_DATA_HOME") or "")
    if not data.is_absolute():
        data = Path(environ.get("HOME") or Path.home()) / ".local" / "share"
    return data / "genesis"


def _filled(known: Mapping[str, str], environ: Mapping[str, str]) -> Mapping[str, str]:
    fallen = {name: known[other] for name, other in FALLBACKS.items() if other in known}
    return {"GENESIS_STATE_DIR": str(default_state_dir(environ))} | fallen | dict(known)


def _checked(known: Mapping[str, str], problems: list[str]) -> Settings | None:
    tree: dict[str, dict[str, str]] = {group: {} for group, _ in groups_of(Settings)}
    for name, value in known.items():
        if len(value) > LONGEST_VALUE:
            problems.append(f"{name} is too long")
        tree[KNOWN[name]][name] = value
    try:
        return Settings.model_validate(tree)
    except ValidationError as error:
        problems += _explained(error, known)
        return None


def _explained(error: ValidationError, given: Mapping[str, str]) -> Iterator[str]:
    wanted = descriptions()
    for detail in error.errors(include_url=False, include_input=False):
        name = next(part for part in detail["loc"] if isinstance(part, str) and part in KNOWN)
        other = FALLBACKS.get(name)
        if other is not None and given.get(name) == given.get(other):
            continue  # said of the other already
        if detail["type"] == "missing":
            yield f"{name} is missing: set it to {wanted[name]}"
        elif detail["type"] == "value_error":
            yield f"{name} {detail['ctx']['error']}"
        else:
            yield f"{name} must be {wanted[name]}"


def _sentence(problems: list[str]) -> str:
    told = "; ".join(dict.fromkeys(problems))
    return f"Settings: {told}. Mend this in the environment or in .env."
