"""The score of a client by its number over HTTP, many connections at once, beside the same model behind FastAPI.

Ours is the site's own web server with a token, its scopes, its limit of requests and the agency's clients; a database
that is on the same machine answers both. Where others use the machine, compare the processor time of the servers
(without PostgreSQL's) that stands behind each line. FastAPI is measured where it is installed:
``pip install -r tests/benchmarks/requirements.txt``.
"""

import asyncio
import importlib.util
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

import numpy as np
import psutil

from tests.benchmarks.measuring import arguments, heading, line, timed
from tests.benchmarks.portfolios import SEED_CLIENTS, make_portfolio
from tests.benchmarks.sites import site

CONNECTIONS = 16
CLIENTS = 500
PATIENCE_SECONDS = 60
REQUESTS_BEFORE = 400  # not counted: imports of the first request, connections to the database, the model's first use


def bench(seconds: float, state: Path) -> None:
    from pretadepenser.core.management.programs import web

    clients, token = _clients(), _token()
    heading(f"score by number over HTTP, {CONNECTIONS} connections, {seconds:.0f} s each")
    ours = web(state, "127.0.0.1", port := _free_port())
    with _running([sys.executable, *ours.arguments], port, {**ours.environment, "LOG_LEVEL": "ERROR"}) as server:
        paths = [f"/api/v1/clients/{pk}/score/" for pk in clients]
        _measure("granian: API score", Target(port, token, paths, server), seconds, "p95 10 ms, 0.9x")
    if importlib.util.find_spec("fastapi") is None or importlib.util.find_spec("uvicorn") is None:
        print("  FastAPI is not installed: no anchor.")
        return
    with tempfile.TemporaryDirectory() as name:
        environment = {**_anchor_files(Path(name), clients), "OMP_NUM_THREADS": "1"}
        anchor = ["-m", "uvicorn", "tests.benchmarks.anchor_fastapi:app", "--workers", "2", "--log-level", "error"]
        with _running([sys.executable, *anchor, "--port", str(port := _free_port())], port, environment) as server:
            for title, place in (("key and stored score from PostgreSQL", "stored"), ("all in memory", "memory")):
                paths = [f"/{place}/{pk}" for pk in clients]
                _measure(f"  anchor: FastAPI, {title}", Target(port, token, paths, server), seconds)


@dataclass(frozen=True)
class Target:
    """What is asked of which server."""

    port: int
    token: str
    paths: list[str]
    server: psutil.Process


def _measure(title: str, target: Target, seconds: float, aim: str = "") -> None:
    warm_up = 0
    while warm_up < REQUESTS_BEFORE:
        warm_up += len(asyncio.run(_load(target, 1.0)))
    before = _processor_seconds(target.server)
    times = asyncio.run(_load(target, seconds))
    ours = (_processor_seconds(target.server) - before) * 1000 / max(len(times), 1)
    line(
        title, seconds=seconds, rows=len(times), milliseconds=times, target=aim, note=f"{ours:.2f} ms of processor each"
    )


def _processor_seconds(server: psutil.Process) -> float:
    """What the server and its processes have used so far."""
    family = [server, *server.children(recursive=True)]
    return sum(sum(process.cpu_times()[:2]) for process in family)


async def _load(target: Target, seconds: float) -> list[float]:
    """Milliseconds of every request that ``CONNECTIONS`` connections could make one after the other."""
    turns, end = cycle(target.paths), time.perf_counter() + seconds
    fields = f"Host: localhost\r\nAuthorization: Bearer {target.token}\r\nAccept: application/json"
    times: list[float] = []

    async def one() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", target.port)
        while (started := time.perf_counter()) < end:
            writer.write(f"GET {next(turns)} HTTP/1.1\r\n{fields}\r\n\r\n".encode())
            answer = await reader.readuntil(b"\r\n\r\n")
            if not answer.startswith(b"HTTP/1.1 200"):
                sys.exit(answer.decode())
            await reader.readexactly(_length(answer))
            times.append((time.perf_counter() - started) * 1000)
        writer.close()

    await asyncio.gather(*(one() for _ in range(CONNECTIONS)))
    return times


def _length(head: bytes) -> int:
    return next(int(row.split(b":")[1]) for row in head.split(b"\r\n") if row.lower().startswith(b"content-length"))


@contextmanager
def _running(command: list[str], port: int, environment: dict[str, str]) -> Iterator[psutil.Process]:
    """A server of ours, ended with everything it started."""
    process = psutil.Popen(command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL)
    try:
        _wait_for(port, process)
        yield process
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)


def _wait_for(port: int, process: psutil.Popen) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    sys.exit(f"{' '.join(process.args)} does not answer")


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _clients() -> list[int]:
    from credit.models import Score
    from credit.selectors.policies import active_policy

    scores = Score.objects.filter(model_version=active_policy().model_version).order_by("client")
    numbers = scores.values_list("client", flat=True)
    return list(numbers[:: max(1, len(numbers) // CLIENTS)])


def _token() -> str:
    from pretadepenser.core.models import User
    from pretadepenser.core.roles import Role
    from pretadepenser.core.tokens import create_token

    user, _ = User.objects.get_or_create(username="bench-auditor", role=Role.AUDITOR)
    _row, key = create_token(user=user, name="bench", scopes=["scores:read"], days=1, by=user)
    return key


def _anchor_files(folder: Path, clients: list[int]) -> dict[str, str]:
    """What the anchor reads at its start: the model, and its features of the clients."""
    from credit.selectors.features import feature_matrix
    from credit.selectors.model_versions import loaded_model
    from credit.selectors.policies import active_policy

    version = active_policy().model_version
    model = loaded_model(version)
    rows = next(feature_matrix(version.feature_set, clients))
    (folder / "model.txt").write_text(model.text)
    np.save(folder / "clients.npy", rows.client_ids)
    np.save(folder / "features.npy", model.select(rows.matrix, version.feature_set.columns))
    return {
        "ANCHOR_FOLDER": str(folder),
        "ANCHOR_DATABASE": os.environ["DATABASE_URL"].replace("postgres://", "postgresql://"),
    }


if __name__ == "__main__":
    parser = arguments(__doc__)
    parser.add_argument("--seconds", type=float, default=10.0, help="of each measure; default: %(default)s")
    options = parser.parse_args()
    with site(options.state) as folder:
        if options.state is None:
            spent, _ = timed(lambda: make_portfolio(SEED_CLIENTS))
            print(f"a portfolio of {SEED_CLIENTS:,} clients was made in {spent:.0f} s")
        bench(options.seconds, folder)
