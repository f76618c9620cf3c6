import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg2
import pytest
import redis

from pretadepenser.embedded import addresses, services, stop_abandoned
from pretadepenser.embedded.places import places

ROOT = Path(__file__).resolve().parents[2]
Holder = subprocess.Popen[str]


@pytest.fixture
def state() -> Iterator[Path]:
    """A state folder that does not exist yet, at a path that any account can reach."""
    folder = Path(tempfile.mkdtemp(prefix="state ", dir="/tmp"))
    folder.chmod(0o711)
    yield folder / "var"
    clean(folder / "var")
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def filled() -> Iterator[Path]:
    """A state folder whose databases were made, with no server running; shared by the tests of a module."""
    folder = Path(tempfile.mkdtemp(prefix="filled ", dir="/tmp"))
    folder.chmod(0o711)
    with services(folder / "var", is_durable=False):
        pass
    yield folder / "var"
    clean(folder / "var")
    shutil.rmtree(folder)


@pytest.fixture
def hold() -> Iterator[Callable[[Path], Holder]]:
    """Starts processes that hold the servers of a folder; ended after the test."""
    holders: list[Holder] = []

    def start(folder: Path) -> Holder:
        command = [sys.executable, "-m", "tests.embedded.holder", str(folder)]
        holder = subprocess.Popen(
            command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        holders.append(holder)
        return holder

    yield start
    for holder in holders:
        holder.kill()
        holder.communicate()


def clean(folder: Path) -> None:
    if folder.exists():
        assert stop_abandoned(folder), "a test left a user behind"
    where = places(folder)
    for path in (where.home, where.sockets):
        shutil.rmtree(path, ignore_errors=True)


def both_answer(folder: Path) -> bool:
    """Whether PostgreSQL and Valkey do what they are asked, at the addresses that the site uses."""
    where = addresses(folder)
    with redis.Redis.from_url(where.redis.url) as client:
        client.set("asked", os.getpid())
        return query(folder, "SELECT 1") == [(1,)] and client.get("asked") == str(os.getpid()).encode()


def query(folder: Path, sql: str) -> list[tuple[object, ...]]:
    connection = psycopg2.connect(addresses(folder).database_url)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def pids(folder: Path) -> tuple[int, int]:
    """The processes of PostgreSQL and Valkey, each as it tells itself."""
    with redis.Redis.from_url(addresses(folder).redis.url) as client:
        valkey = client.info("server")["process_id"]
    return int((places(folder).postgresql_data / "postmaster.pid").read_text().split()[0]), valkey


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that ended and that nobody waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
