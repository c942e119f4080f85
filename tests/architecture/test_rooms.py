"""Rules of the house that import contracts cannot express."""

import ast
import re
import sys
from collections.abc import Iterator

import pytest

from tests.architecture.sources import Source, sources

LONGEST_FILE = 350
LONGEST_FUNCTION = 60
PRODUCT = ("bot", "engine", "db", "migrations")

Function = ast.FunctionDef | ast.AsyncFunctionDef


def test_there_is_something_to_look_at() -> None:
    assert len(sources(*PRODUCT)) > 50


def test_background_tasks_start_in_the_nursery_only() -> None:
    # The local Telegram is a program of its own, which may not know the nursery.
    exempt = ("bot/nursery.py", "bot/telegram/sandbox/")
    found = [
        f"{source.name}:{line}"
        for source in sources("bot")
        if not source.name.startswith(exempt)
        for name, line in source.names()
        if name in {"create_task", "ensure_future", "run_coroutine_threadsafe", "TaskGroup"}
    ]
    assert found == []


def test_the_model_needs_the_standard_library_only() -> None:
    strangers = {
        (source.name, ".".join(parts))
        for source in sources("engine/model")
        for parts in source.imports()
        if parts[0] not in sys.stdlib_module_names and parts[:2] != ("engine", "model")
    }
    assert strangers == set()


def test_the_engine_serves_no_http_outside_the_simulator() -> None:
    found = [
        source.name
        for source in sources("engine")
        if not source.name.startswith("engine/simulator/")
        for parts in source.imports()
        if parts[:2] == ("aiohttp", "web")
    ]
    assert found == []


@pytest.mark.parametrize("folder", [*PRODUCT, "tests"])
def test_imports_are_absolute(folder: str) -> None:
    found = [
        source.name
        for source in sources(folder)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert found == []


def test_names_say_what_a_thing_does() -> None:
    empty = re.compile(r"(Manager|Helper|Impl|Util)s?$|^I[A-Z][a-z]")
    classes = [
        f"{source.name}: {node.name}"
        for source in sources(*PRODUCT)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ClassDef) and empty.search(node.name)
    ]
    files = [
        source.name
        for source in sources(*PRODUCT)
        if re.search(r"(^|/|_)(utils?|helpers?|common|misc)\.py$", source.name)
    ]
    assert classes + files == []


def test_rooms_are_small() -> None:
    found = [
        f"{source.name}: {source.lines} lines"
        for source in sources(*PRODUCT)
        if source.lines > LONGEST_FILE
    ]
    long = [
        f"{source.name}: {function.name}"
        for source in sources(*PRODUCT)
        for function in _functions(source)
        if (function.end_lineno or 0) - function.lineno >= LONGEST_FUNCTION
    ]
    assert found + long == []


def test_nothing_is_mocked_or_patched() -> None:
    found = [
        source.name
        for source in sources("tests")
        if any(
            parts[:2] == ("unittest", "mock") or "mock" in parts[0] for parts in source.imports()
        )
        or any(name in {"monkeypatch", "MagicMock", "MonkeyPatch"} for name, _ in source.names())
    ]
    assert found == []


def test_no_time_of_day_is_taken_but_from_a_clock() -> None:
    # Programs of their own have clocks of their own.
    exempt = ("engine/clock.py", "engine/simulator/", "bot/telegram/sandbox/", "db/embedded/")
    found = [
        f"{source.name}:{node.lineno}"
        for source in sources(*PRODUCT)
        if not source.name.startswith(exempt)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in _TIMES
    ]
    assert found == []


_TIMES = {"datetime.now", "datetime.utcnow", "time.time", "time.time_ns", "datetime.datetime.now"}


def _functions(source: Source) -> Iterator[Function]:
    yield from (node for node in ast.walk(source.tree) if isinstance(node, Function))
