"""The life of one ``manage.py up``: prepare, serve, watch."""

import http.client
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.db import connections

from pretadepenser.core.management.temporary_worker import queues_with_a_worker
from pretadepenser.core.management.terminal import ProgressLine
from pretadepenser.embedded import Services, missing_servers
from up import preparation
from up.instance import Instance
from up.preparation import Demo, PreparationError, Step, failure, run_step
from up.processes import Program, Supervisor
from up.programs import web, workers

READY_SECONDS = 60.0
SECONDS_BETWEEN_LOOKS = 0.5


@dataclass(frozen=True)
class Site:
    """The site that one ``up`` runs, on servers that it already holds."""

    state_dir: Path
    host: str
    port: int
    supervisor: Supervisor
    services: Services
    instance: Instance
    say: Callable[[str], None]

    @property
    def address(self) -> str:
        """The URL to open on this machine."""
        name = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host  # noqa: S104 - printed, not bound
        return f"http://{f'[{name}]' if ':' in name else name}:{self.port}/"

    def prepare(self, demo_clients: int | None) -> str:
        """Prepares the site and, for ``demo_clients``, the demo; returns the table of the demo's accounts.

        Starts the workers if the demo has steps left, which they do. Raises PreparationError.
        """
        log = self.state_dir / "logs" / "preparation.log"
        preparation.check_vendored_assets()
        run_step("Collecting static files", preparation.collect_static_files, log)
        run_step("Bringing the database up to date", preparation.migrate, log)
        if demo_clients is None:
            return ""
        demo = Demo(self.state_dir, demo_clients, is_embedded=missing_servers()["with_postgresql"])
        if demo.has_accounts and not demo.accounts:
            run_step("Creating the demo accounts", demo.create_accounts, log)
        if demo.has_data:
            self._prepare_data(demo, log)
        connections.close_all()
        return demo.accounts

    def _prepare_data(self, demo: Demo, log: Path) -> None:
        steps = demo.steps_left()
        if steps:
            demo.note_begun()
            connections.close_all()
            self._start_workers()
        for number, step in enumerate(steps, start=1):
            self.say(f"Demo, step {number} of {len(steps)}: {step.title}")
            if "--wait" in step.arguments:
                self._wait_for_workers()
            self._run_step(step, log)
            demo.note_done(step)
        run_step("Checking the vision benchmark", preparation.retry_failed_benchmark, log)

    def serve(self, accounts: str) -> None:
        """Starts what does not run yet, prints the address once it answers, and supervises until interrupted."""
        check_port(self.host, self.port)  # again: the preparation took minutes, and two sites would share a port
        line = ProgressLine("Starting the web server")
        program = web(self.state_dir, self.host, self.port)
        self.supervisor.start(program)
        self._wait_until_ready(program)
        line.finish()
        if not self.supervisor.has("worker-cpu"):
            self._start_workers()
        lines = (accounts, f"Prêt à dépenser is ready: {self.address}", "Ctrl-C stops everything.")
        self.say("\n" + "\n\n".join(part for part in lines if part))
        while True:
            self._watch()
            time.sleep(SECONDS_BETWEEN_LOOKS)

    def _start_workers(self) -> None:
        for program in workers(self.state_dir):
            self.supervisor.start(program)

    def _run_step(self, step: Step, log: Path) -> None:
        program = Program(step.name, ("manage.py", *step.arguments), {"STATE_DIR": str(self.state_dir.resolve())})
        if self.supervisor.run(program, log, self._watch_preparation) != 0:
            raise PreparationError(failure(step.title, last_line(log), log.parent))

    def _wait_for_workers(self) -> None:
        """Returns once a worker listens, or after a minute: the step would start a worker of its own."""
        deadline = time.monotonic() + READY_SECONDS
        while "cpu" not in queues_with_a_worker() and time.monotonic() < deadline:
            self._watch_preparation()

    def _watch_preparation(self) -> None:
        self._watch()
        name = self.supervisor.hopeless()
        if name is not None:
            log = self.state_dir / "logs" / f"{name}.log"
            raise PreparationError(failure(f"Starting {name}", last_line(log), log))

    def _watch(self) -> None:
        self.supervisor.watch()
        for name in self.services.ensure():
            self.say(f"{name} had ended and was restarted.")
        if self.instance.is_orphan():
            raise KeyboardInterrupt

    def _wait_until_ready(self, program: Program) -> None:
        deadline = time.monotonic() + READY_SECONDS
        log = self.state_dir / "logs" / f"{program.name}.log"
        while not self._is_ready():
            self._watch_preparation()
            if time.monotonic() > deadline:
                raise PreparationError(failure("Starting the web server", last_line(log), log))
            time.sleep(0.1)

    def _is_ready(self) -> bool:
        """Whether the web server answers; a refused host name counts as an answer, a server error does not."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104 - requested, not bound
        connection = http.client.HTTPConnection(host, self.port, timeout=5)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status < 500
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


def check_port(host: str, port: int) -> None:
    """Raises PreparationError unless the site may listen there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind((host, port))
        except (OSError, OverflowError) as error:
            raise PreparationError(
                f"The site cannot listen on port {port} of {host} ({getattr(error, 'strerror', None) or error}): stop "
                f"what uses it, or choose another port, for instance `make run PORT={port + 1}`."
            ) from error


def last_line(log: Path) -> str:
    """The last line of a log, without CommandError's name before it."""
    lines = [line for line in log.read_text(errors="replace").splitlines() if line.strip()] if log.exists() else []
    return lines[-1].removeprefix("CommandError: ").strip() if lines else "its log is empty"
