"""What the image is made of, as far as that can be read off without a container engine."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
IGNORED = (ROOT / ".dockerignore").read_text().splitlines()


def _stages() -> list[list[str]]:
    """The Dockerfile's instructions, a list for each stage; lines that go on are joined."""
    text = re.sub(r"(?m)^#.*\n", "", (ROOT / "Dockerfile").read_text())
    lines = re.sub(r"\\\n\s*", "", text).splitlines()
    stages: list[list[str]] = []
    for line in filter(None, lines):
        if line.startswith("FROM "):
            stages.append([])
        stages[-1].append(line)
    return stages


def test_every_dependency_has_the_constrained_version() -> None:
    installs = [line for line in _stages()[0] if "pip install" in line]
    assert installs
    assert all("-c .ci/constraints.txt" in line or "--no-deps" in line for line in installs)


def test_the_last_stage_takes_nothing_but_what_the_first_installed() -> None:
    first, last = _stages()
    assert first[0].endswith(" AS build")
    copies = [line for line in last if line.startswith(("COPY", "ADD"))]
    assert copies == ["COPY --from=build /opt/genesis /opt/genesis"]


def test_it_runs_as_a_user_without_rights_that_owns_the_volume_alone() -> None:
    last = _stages()[-1]
    after = last[last.index("USER genesis") :]
    assert not any(line.startswith(("RUN", "COPY", "ADD")) for line in after)
    assert sum(line.startswith("USER") for line in last) == 1
    assert "VOLUME /var/lib/genesis" in after
    # The default folder of `genesis run` and of `genesis demo` lies in it.
    assert any("XDG_DATA_HOME=/var/lib " in line for line in last if line.startswith("ENV"))


def test_only_what_is_named_reaches_the_build() -> None:
    rules = [line for line in IGNORED if line and not line.startswith("#")]
    assert rules[0] == "*"
    admitted = {line.removeprefix("!") for line in rules if line.startswith("!")}
    code = {"bot", "db", "engine", "migrations"}
    made_of = {".ci/constraints.txt", ".ci/dependencies.py", "pyproject.toml", "README.md"}
    assert admitted == code | made_of


def test_the_workflow_names_each_action_by_its_commit() -> None:
    workflow = (ROOT / ".github/workflows/ci.yml").read_text()
    used = re.findall(r"uses: (\S+)", workflow)
    assert used
    assert [each for each in used if not re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", each)] == []
    assert "permissions:\n  contents: read\n" in workflow
