"""The product's own source files, read as trees."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Source:
    """One file; `name` such as `bot/nursery.py`."""

    name: str
    tree: ast.Module
    lines: int

    def imports(self) -> Iterator[tuple[str, ...]]:
        """Every import as dotted parts, what is taken from a module included."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (tuple(alias.name.split(".")) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                module = tuple((node.module or "").split("."))
                yield from ((*module, alias.name) for alias in node.names)

    def names(self) -> Iterator[tuple[str, int]]:
        """Every name and attribute used, with its line."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Attribute):
                yield node.attr, node.lineno
            elif isinstance(node, ast.Name):
                yield node.id, node.lineno


def sources(*folders: str) -> list[Source]:
    """All files below these folders of the checkout."""
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    return [_read(path) for path in found]


@cache
def _read(path: Path) -> Source:
    text = path.read_text()
    return Source(str(path.relative_to(ROOT)), ast.parse(text), text.count("\n"))
