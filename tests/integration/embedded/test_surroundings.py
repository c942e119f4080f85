"""Users, containers and disks: root, an ordinary user, one without a name, no room left."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from db.embedded import EmbeddedPostgres
from db.errors import DatabaseFolderUnusable
from engine.model.errors import ConfigurationError
from tests.integration.embedded.processes import Owner, names

_USER = ["unshare", "--user"]


def _allowed(*command: str) -> bool:
    if shutil.which(command[0]) is None:
        return False
    return subprocess.run([*command, "true"], capture_output=True, check=False).returncode == 0


def _as(number: int) -> list[str]:
    return [*_USER, f"--map-user={number}", f"--map-group={number}"]


needs_namespaces = pytest.mark.skipif(
    not _allowed(*_USER, "--map-root-user", "--mount"), reason="no user namespaces here"
)


@needs_namespaces
@pytest.mark.parametrize("number", [0, 1], ids=["root", "an-ordinary-user"])
def test_root_and_ordinary_users_can_own_a_server(used_folder: Path, number: int) -> None:
    with Owner(used_folder, under=_as(number)) as owner:
        assert owner.report().owner
        assert owner.finish() == 0


@needs_namespaces
def test_a_user_without_a_name_can_begin(new_folder: Path) -> None:
    with Owner(new_folder, under=_as(54321)) as owner:
        assert owner.report().owner
        assert owner.finish() == 0


@needs_namespaces
def test_root_without_user_namespaces_is_told_what_to_do(new_folder: Path) -> None:
    forbid = 'echo 0 > /proc/sys/user/max_user_namespaces; exec "$@"'
    under = [*_USER, "--map-root-user", "sh", "-c", forbid, "sh"]
    with Owner(new_folder, under=under) as owner:
        report = owner.report()
        assert report.error == "DatabaseRefusesRoot"
        assert "Run Genesis as a normal user, or set DATABASE_URL." in report.sentence
        assert owner.wait() == 2
    assert list(new_folder.glob("data*")) == []


@needs_namespaces
def test_a_full_disk_is_named(new_folder: Path) -> None:
    small = f'mount -t tmpfs -o size=8m,mode=700 tmpfs "{new_folder}"; exec "$@"'
    under = [*_USER, "--map-root-user", "--mount", "sh", "-c", small, "sh"]
    with Owner(new_folder, under=under) as owner:
        report = owner.report()
        assert report.error == "DatabaseDiskFull"
        assert report.sentence.startswith(f"The disk that holds {new_folder} is full")
        assert owner.wait() == 2


async def test_a_folder_that_cannot_be_made_is_named(new_folder: Path) -> None:
    new_folder.parent.mkdir(parents=True, exist_ok=True)
    (taken := new_folder.parent / "file").write_text("")
    with pytest.raises(DatabaseFolderUnusable, match=r"cannot be made \(Not a directory\)") as told:
        await EmbeddedPostgres(taken / "database").start()
    assert isinstance(told.value, ConfigurationError), "one line and exit code 2"


async def test_a_folder_of_another_user_is_refused_untouched(new_folder: Path) -> None:
    theirs = Path("/usr")
    if os.geteuid() == 0:
        theirs = new_folder
        os.chown(theirs, 65534, 65534)
    before = theirs.stat().st_mode, names(theirs, "*")
    with pytest.raises(DatabaseFolderUnusable, match="belongs to another user"):
        await EmbeddedPostgres(theirs).start()
    assert (theirs.stat().st_mode, names(theirs, "*")) == before
