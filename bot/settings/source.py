"""Where settings come from: the environment, which wins, and a `.env` file."""

import io
from collections.abc import Mapping
from pathlib import Path

from dotenv.parser import parse_stream

from engine.model.errors import ConfigurationError

LARGEST_FILE = 100_000


def read_env_file(path: Path) -> tuple[Mapping[str, str], list[str]]:
    """The names and values of a `.env` file, taken literally, and what is wrong with its lines.

    A file that is not there is empty. Raises `ConfigurationError` for one that cannot be read.
    """
    try:
        if not path.exists():
            return {}, []
        with path.open(encoding="utf-8-sig") as file:
            text = file.read(LARGEST_FILE + 1)
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not a text in UTF-8"
        raise ConfigurationError(f"The settings file {path} cannot be read: {why}.") from None
    if len(text) > LARGEST_FILE:
        raise ConfigurationError(f"The settings file {path} is too long to be one.")
    return _parse(text, path.name)


def _parse(text: str, name: str) -> tuple[Mapping[str, str], list[str]]:
    values: dict[str, str] = {}
    problems: list[str] = []
    for binding in parse_stream(io.StringIO(text)):
        line = binding.original.line
        if binding.error or (binding.key is not None and binding.value is None):
            problems.append(f"line {line} of {name} is not NAME=value")
        elif binding.key in values:
            problems.append(f"line {line} of {name} sets {binding.key} a second time")
        elif binding.key is not None and binding.value is not None:
            values[binding.key] = binding.value
    return values, problems
