"""A client's score by number over HTTP, on many connections, beside the same model behind FastAPI.

Ours is the site's own web server, with token, scopes, rate limit and agency; one database on the same machine serves
both. On a busy machine compare the servers' CPU time (without PostgreSQL's) at the end of each line. FastAPI is
measured where it is installed: ``pip install -r tests/benchmarks/requirements.txt``.
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
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
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
ROUNDS = 4
REQUESTS_BEFORE = 400  # not counted: first imports, database connections, the model's first use


def bench(seconds: float, state: Path) -> None:
    from up.programs import web

    clients, token = _clients(), _token()
    heading(f"score by number over HTTP, {CONNECTIONS} connections, {seconds:.0f} s each in {ROUNDS} turns")
    with ExitStack() as servers:
        ours = web(state, "127.0.0.1", port := _free_port())
        command, environment = [sys.executable, *ours.arguments], {**ours.environment, "LOG_LEVEL": "ERROR"}
        server = servers.enter_context(_running(command, port, environment))
        paths = [f"/api/v1/clients/{pk}/score/" for pk in clients]
        measures = [Measure("granian: API score", port, token, paths, server, target="p95 10 ms, 0.9x")]
        if importlib.util.find_spec("fastapi") and importlib.util.find_spec("uvicorn"):
            measures += _anchors(servers, clients, token)
        else:
            print("  FastAPI is not installed: no anchor.")
        for measure in measures:
            measure.warm_up()
        for _turn in range(ROUNDS):  # so that other load on the machine affects all of them
            for measure in measures:
                measure.go_on(seconds / ROUNDS)
        for measure in measures:
            measure.report(seconds)


@dataclass
class Measure:
    """Requests to one server, and their times."""

    title: str
    port: int
    token: str
    paths: list[str]
    server: psutil.Process
    target: str = ""
    milliseconds: list[float] = field(default_factory=list)
    processor_seconds: float = 0.0

    def warm_up(self) -> None:
        answered = 0
        while answered < REQUESTS_BEFORE:
            answered += len(asyncio.run(_load(self, 1.0)))

    def go_on(self, seconds: float) -> None:
        before = _processor_seconds(self.server)
        self.milliseconds += asyncio.run(_load(self, seconds))
        self.processor_seconds += _processor_seconds(self.server) - before

    def report(self, seconds: float) -> None:
        count = len(self.milliseconds)
        note = f"{self.processor_seconds * 1000 / max(count, 1):.2f} ms of CPU each"
        line(self.title, seconds=seconds, rows=count, milliseconds=self.milliseconds, target=self.target, note=note)


def _anchors(servers: ExitStack, clients: list[int], token: str) -> list[Measure]:
    folder = Path(servers.enter_context(tempfile.TemporaryDirectory()))
    environment = {**_anchor_files(folder, clients), "OMP_NUM_THREADS": "1"}
    uvicorn = ["-m", "uvicorn", "tests.benchmarks.anchor_fastapi:app", "--workers", "2", "--log-level", "error"]
    command = [sys.executable, *uvicorn, "--port", str(port := _free_port())]
    server = servers.enter_context(_running(command, port, environment))
    kinds = (("key and stored score from PostgreSQL", "stored"), ("all in memory", "memory"))
    return [
        Measure(f"  anchor: FastAPI, {title}", port, token, [f"/{place}/{pk}" for pk in clients], server)
        for title, place in kinds
    ]


def _processor_seconds(server: psutil.Process) -> float:
    """CPU time that the server and its processes have used so far."""
    family = [server, *server.children(recursive=True)]
    return sum(sum(process.cpu_times()[:2]) for process in family)


async def _load(target: Measure, seconds: float) -> list[float]:
    """The milliseconds of each request, made one after the other on each of ``CONNECTIONS`` connections."""
    turns, end = cycle(target.paths), time.perf_counter() + seconds
    fields = f"Host: localhost\r\nAuthorization: Bearer {target.token}\r\nAccept: application/json"
    times: list[float] = []

    async def connection() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", target.port)
        while (started := time.perf_counter()) < end:
            writer.write(f"GET {next(turns)} HTTP/1.1\r\n{fields}\r\n\r\n".encode())
            answer = await reader.readuntil(b"\r\n\r\n")
            if not answer.startswith(b"HTTP/1.1 200"):
                sys.exit(answer.decode())
            await reader.readexactly(_length(answer))
            times.append((time.perf_counter() - started) * 1000)
        writer.close()

    await asyncio.gather(*(connection() for _ in range(CONNECTIONS)))
    return times


def _length(head: bytes) -> int:
    return next(int(row.split(b":")[1]) for row in head.split(b"\r\n") if row.lower().startswith(b"content-length"))


@contextmanager
def _running(command: list[str], port: int, environment: dict[str, str]) -> Iterator[psutil.Process]:
    """Runs a server, and stops it at the end."""
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
    from pretadepenser.core.models import Actor, User
    from pretadepenser.core.roles import Role
    from pretadepenser.core.tokens import create_token

    user, _ = User.objects.get_or_create(username="bench-auditor", role=Role.AUDITOR)
    _row, key = create_token(user=user, name="bench", scopes=["scores:read"], days=1, by=Actor(user))
    return key


def _anchor_files(folder: Path, clients: list[int]) -> dict[str, str]:
    """Writes what the anchor reads at its start: the model and the clients' features."""
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
            print(f"a portfolio of {SEED_CLIENTS:,} clients was created in {spent:.0f} s")
        bench(options.seconds, folder)
