"""The servers of one state folder, shared by every command that needs them."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from pretadepenser.embedded.errors import own_files
from pretadepenser.embedded.places import Places, make_state_folder, own_folder, places
from pretadepenser.embedded.postgresql import postgresql
from pretadepenser.embedded.server import Server
from pretadepenser.embedded.valkey import valkey


@dataclass(frozen=True)
class Services:
    """The running embedded servers, in the order of their start."""

    servers: tuple[Server, ...]

    def ensure(self) -> list[str]:
        """Restarts servers that have died; returns their names. Raises EmbeddedError."""
        dead = [server for server in self.servers if not server.is_running()]
        for server in dead:
            with own_files(server.log.parent), _door(server):
                server.ensure()
        return [server.name for server in dead]


@contextmanager
def services(
    state_dir: Path, *, with_postgresql: bool = True, with_valkey: bool = True, is_durable: bool = True
) -> Iterator[Services]:
    """Runs the servers of ``state_dir``: started or adopted on entry, each stopped by its last user.

    They are stopped in the reverse order. Raises EmbeddedError.
    """
    where = places(state_dir)
    with ExitStack() as held:
        with own_files(where.state):
            if with_postgresql or with_valkey:
                _make_folders(where)
            servers = (
                *((postgresql(where, is_durable=is_durable),) if with_postgresql else ()),
                *((valkey(where, is_durable=is_durable),) if with_valkey else ()),
            )
            for server in servers:
                held.enter_context(_hold(server))
        yield Services(servers)


def stop_abandoned(state_dir: Path) -> bool:
    """Stops the servers that killed users left in ``state_dir``; False, stopping none, while one is in use.

    Raises EmbeddedError when a server does not stop.
    """
    where = places(state_dir)
    _make_folders(where)
    with ExitStack() as held:
        servers = (postgresql(where, is_durable=True), valkey(where, is_durable=True))
        for server in servers:
            held.enter_context(_door(server))
            if not _is_last(held.enter_context(_open(server.users))):
                return False
        for server in servers:
            server.stop()
    return True


@contextmanager
def _hold(server: Server) -> Iterator[None]:
    """Uses ``server``, shared with other processes.

    Every user holds a shared lock on one file, which the kernel frees when the user is killed: the last user is the
    one that can make it exclusive. A server that killed users left behind is adopted by the next one.
    """
    with _open(server.users) as users:
        try:
            with _door(server):
                fcntl.flock(users, fcntl.LOCK_SH)
                server.ensure()
            yield
        finally:
            with _door(server):
                if _is_last(users):
                    server.stop()


def _is_last(users: IO[str]) -> bool:
    """Upgrades the shared lock to an exclusive one, which succeeds only for the last user."""
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _door(server: Server) -> Iterator[None]:
    """Lets one process at a time enter, leave or repair."""
    with _open(server.door) as door:
        fcntl.flock(door, fcntl.LOCK_EX)
        yield


def _open(path: Path) -> IO[str]:
    return open(path, "a", opener=lambda name, flags: os.open(name, flags, 0o600))


def _make_folders(where: Places) -> None:
    make_state_folder(where.state)
    for folder in (where.locks, where.logs):
        folder.mkdir(mode=0o700, exist_ok=True)
    with _open(where.locks / "folders") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        own_folder(where.home, where.owner)
        own_folder(where.sockets, where.owner)
