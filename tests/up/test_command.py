"""``manage.py up`` as its user sees it, without the demo's data, which take minutes."""

import http.client
import os
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree

import psutil
import pytest

from pretadepenser.embedded import stop_abandoned
from up.processes import MARK

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 180.0  # after which the test fails


@dataclass
class Up:
    """A running ``manage.py up`` and its output."""

    process: subprocess.Popen[str]
    output: Path

    def said(self, pattern: str) -> str:
        """The whole output, once it has ``pattern``."""
        until = time.monotonic() + SECONDS
        while not re.search(pattern, self.output.read_text()):
            assert self.process.poll() is None, self.output.read_text()
            assert time.monotonic() < until, self.output.read_text()
            time.sleep(0.05)
        return self.output.read_text()

    def ended(self) -> str:
        self.process.wait(SECONDS)
        return self.output.read_text()


@pytest.fixture
def state() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="up", dir="/tmp"))
    folder.chmod(0o711)
    yield folder / "var"
    for process, _ in marked(folder / "var"):
        process.kill()
    if (folder / "var").exists():
        assert stop_abandoned(folder / "var")
    rmtree(folder)


@pytest.fixture
def port() -> int:
    """A free port, below those that the kernel gives to outgoing connections."""
    for port in random.sample(range(20_000, 30_000), 100):
        with socket.socket() as free:
            if free.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise AssertionError("none of a hundred ports is free")


def up(state: Path, port: int, name: str) -> Up:
    output = state.parent / name
    kept = {name: value for name, value in os.environ.items() if name not in ("MAKELEVEL", MARK)}
    environment = {
        **kept,
        **{"STATE_DIR": str(state), "DATABASE_URL": "", "REDIS_URL": "", "ALLOWED_HOSTS": "127.0.0.1"},
        **{"DJANGO_SETTINGS_MODULE": "pretadepenser.settings", "PYTHONUNBUFFERED": "1"},
    }
    with output.open("w") as file:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "up", "--no-demo", "--port", str(port)],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
    return Up(process, output)


def marked(state: Path) -> list[tuple[psutil.Process, list[str]]]:
    """The processes that an ``up`` of this state folder started, and their children, with their command lines."""
    processes = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(MARK) == str(state) and process.status() != psutil.STATUS_ZOMBIE:
                processes.append((process, process.cmdline()))
        except psutil.Error:
            continue
    return processes


@pytest.mark.slow
def test_the_site_starts_survives_kills_and_stops_without_a_trace(state: Path, port: int) -> None:
    address = f"http://127.0.0.1:{port}/"
    first = up(state, port, "first")
    assert f"Prêt à dépenser is ready: {address}" in first.said("is ready")
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", "/readyz")
    assert connection.getresponse().status == 200
    connection.close()

    second = up(state, port, "second")
    assert re.search(r"is already\s+running\s+at\s+127\.0\.0\.1", second.ended())
    assert second.process.returncode == 1

    beat = next(process for process, command in marked(state) if command[-1:] == ["beat"])
    beat.kill()
    first.said(r"beat ended \(signal SIGKILL\) and is restarted")

    first.process.kill()
    first.process.wait()
    third = up(state, port, "third")
    third.said("is ready")
    assert "Traceback" not in third.output.read_text()

    third.process.send_signal(signal.SIGINT)
    assert third.ended().endswith("Stopped.\n")
    assert third.process.returncode == 0
    assert marked(state) == []
    assert stop_abandoned(state)
    with socket.socket() as attempt:
        assert attempt.connect_ex(("127.0.0.1", port)) != 0


def test_a_port_in_use_is_reported_in_a_sentence(state: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = up(state, port, "refused")
        output = refused.ended()
    assert refused.process.returncode == 1
    assert " ".join(output.split()).startswith(
        f"The site cannot listen on port {port} of 127.0.0.1 (Address already in use)"
    )
    assert f"make run PORT={port + 1}" in output
