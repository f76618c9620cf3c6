"""PostgreSQL and Valkey for one test run, in a folder that is removed when the run ends."""

import atexit
import fcntl
import os
import re
import tempfile
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from pretadepenser.embedded import addresses, services, stop_abandoned
from pretadepenser.embedded.places import make_state_folder, places
from pretadepenser.embedded.removal import remove

EXAMPLE = Path(__file__).parents[1] / ".env.example"  # names every setting
FOLDER = Path(tempfile.gettempdir()) / f"pretadepenser-tests-{os.geteuid()}"


def use_test_services() -> None:
    """Sets the addresses of this run's servers in the environment: those already given, otherwise embedded ones.

    Called before the settings are read; every other setting gets its default whatever this machine sets. The
    processes of a parallel run inherit the addresses; each uses its own Redis databases, as pytest-django gives each
    its own PostgreSQL database.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker:
        os.environ["REDIS_URL"] = with_database(os.environ["REDIS_URL"], 2 * (int(worker.removeprefix("gw")) + 1))
        return
    os.environ["ENV_FILE"] = os.devnull
    for name in re.findall(r"^# ([A-Z_]+)=", EXAMPLE.read_text(), re.MULTILINE):
        if name not in ("DATABASE_URL", "REDIS_URL"):
            os.environ.pop(name, None)
    state = FOLDER / f"{os.getpid()}-{os.urandom(3).hex()}"
    os.environ["STATE_DIR"] = str(state)
    held = ExitStack()
    atexit.register(_end, held, state)
    make_state_folder(FOLDER)
    with (FOLDER / "door").open("w") as door:
        fcntl.flock(door, fcntl.LOCK_EX)  # another run must not remove a folder that is being filled
        for left_behind in FOLDER.glob("*-*"):  # by killed runs
            if stop_abandoned(left_behind):
                remove(places(left_behind))
        held.enter_context(
            services(
                state,
                with_postgresql=not os.environ.get("DATABASE_URL"),
                with_valkey=not os.environ.get("REDIS_URL"),
                is_durable=False,
            )
        )
    embedded = addresses(state)
    os.environ["DATABASE_URL"] = os.environ.get("DATABASE_URL") or embedded.database_url
    os.environ["REDIS_URL"] = os.environ.get("REDIS_URL") or embedded.redis.url


def with_database(url: str, number: int) -> str:
    """``url`` with ``number`` added to its Redis database: number 2 above database 3 is 5."""
    parts = urlsplit(url)
    if parts.scheme == "unix":
        base = int(parse_qs(parts.query).get("db", ["0"])[0])
        return f"unix://{parts.netloc}{parts.path}?db={base + number}"
    base = int(parts.path.strip("/") or "0")
    return parts._replace(path=f"/{base + number}").geturl()


def _end(held: ExitStack, state: Path) -> None:
    held.close()
    remove(places(state))
