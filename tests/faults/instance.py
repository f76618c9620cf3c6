"""A site of its own for the faults: ``manage.py up`` on a temporary state folder and a free port."""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import redis

from pretadepenser.embedded import addresses, stop_abandoned
from pretadepenser.embedded.places import places

ROOT = Path(__file__).resolve().parents[2]
LEASE_SECONDS, SWEEP_SECONDS = 10, 5  # 60 and 30 by default
START_SECONDS = 240.0
PAGE = "/jobs/"
SERVICES = ("DATABASE_URL", "REDIS_URL", "MAKELEVEL", "PYTEST_XDIST_WORKER", "PRETADEPENSER_UP")


@dataclass(frozen=True)
class Instance:
    """The running site; ``pids`` finds only processes that it started."""

    state: Path
    port: int
    up: psutil.Popen

    @property
    def valkey(self) -> redis.Redis:
        return redis.Redis.from_url(addresses(self.state).redis.url)

    def pids(self, name: str) -> list[int]:
        """``worker``, ``web`` or ``beat``: the main process, then its children; ``valkey`` or ``postgresql``: one."""
        if name == "valkey":
            with self.valkey as client:
                return [int(client.info("server")["process_id"])]
        if name == "postgresql":
            return [int((places(self.state).postgresql_data / "postmaster.pid").read_text().split()[0])]
        mark = {"worker": "cpu,", "images": "gpu", "web": "granian", "beat": "beat"}[name]
        for process in self.up.children():
            if any(part.startswith(mark) for part in process.cmdline()):
                return [process.pid, *(child.pid for child in process.children(recursive=True))]
        return []

    def is_whole(self) -> bool:
        """Whether everything runs again."""
        return self.ask(path="/readyz") == 200 and all(self.pids(name) for name in ("worker", "images", "web", "beat"))

    def ask(self, cookie: str = "", path: str = PAGE) -> int:
        """The status of a page; 0 when nothing answers within ten seconds."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path, headers={"Cookie": cookie})
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()


@contextmanager
def instance() -> Iterator[Instance]:
    """Starts the site without the demo, and points this process's Django at its servers."""
    folder = Path(tempfile.mkdtemp(prefix="faults-", dir="/tmp"))  # a short path, for sockets
    folder.chmod(0o711)
    state = folder / "var"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    os.environ.update(
        STATE_DIR=str(state),
        JOB_LEASE_SECONDS=str(LEASE_SECONDS),
        JOB_SWEEP_SECONDS=str(SWEEP_SECONDS),
        DJANGO_SETTINGS_MODULE="pretadepenser.settings",
        LOG_LEVEL="ERROR",
    )
    for name in SERVICES:
        os.environ.pop(name, None)
    with (folder / "up.log").open("w") as log:
        up = psutil.Popen(
            [sys.executable, "manage.py", "up", "--no-demo", "--port", str(port)],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    site = Instance(state, port, up)
    try:
        wait_until(lambda: "is ready" in (folder / "up.log").read_text(), START_SECONDS)
        yield site
    finally:
        up.send_signal(signal.SIGINT)
        up.wait(120)
        stop_abandoned(state)
        shutil.rmtree(folder, ignore_errors=True)


@dataclass
class Visitor:
    """Opens a page ten times a second while a fault lasts."""

    site: Instance
    cookie: str
    statuses: Counter[int] = field(default_factory=Counter)
    longest_outage: float = 0.0

    @contextmanager
    def visiting(self) -> Iterator[None]:
        ended = threading.Event()
        thread = threading.Thread(target=self._visit, args=[ended])
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()

    def _visit(self, ended: threading.Event) -> None:
        well = time.monotonic()
        while not ended.wait(0.1):
            status = self.site.ask(self.cookie)
            self.statuses[status] += 1
            if status == 200:
                well = time.monotonic()
            self.longest_outage = max(self.longest_outage, time.monotonic() - well)


def wait_until(condition: Callable[[], object], seconds: float = 180.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds:.0f} s")
        time.sleep(0.05)


def kill(*pids: int) -> None:
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
