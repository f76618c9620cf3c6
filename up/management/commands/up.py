"""``manage.py up``: the whole site on one machine (``make run``)."""

import argparse
import signal
import sys
import textwrap
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

from pretadepenser.core.management.terminal import ProgressLine
from pretadepenser.embedded import EmbeddedError, missing_servers, own_files, services
from up.instance import Instance
from up.preparation import PreparationError
from up.processes import Supervisor
from up.site import Site, check_port

FEWEST_CLIENTS = 1000


class Command(BaseCommand):
    help = "Starts the whole site: servers, tables, demo, workers, web. Ctrl-C stops everything."
    requires_system_checks = ()  # migrate runs them once the database is up

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--clients", type=int, default=5000, help="clients of the demo; 1,000 at least")
        parser.add_argument("--no-demo", action="store_true", help="no demo accounts and no demo data")
        parser.add_argument("--verbose", action="store_true", help="show the output of the processes")

    def handle(
        self, *args: object, host: str, port: int, clients: int, no_demo: bool, verbose: bool, **options: object
    ) -> None:
        """Runs until Ctrl-C, SIGTERM, or the end of the ``make`` that started it. Exit code 1 after a failure."""
        signal.signal(signal.SIGINT, signal.default_int_handler)  # which `make run &` in a script ignores
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # as set by nohup
            signal.signal(signal.SIGHUP, signal.default_int_handler)
        supervisor = Supervisor(settings.STATE_DIR, settings.BASE_DIR, self._say, is_verbose=verbose)
        try:
            with own_files(settings.STATE_DIR):
                self._run(supervisor, host, port, None if no_demo else clients)
        except (EmbeddedError, PreparationError) as error:
            self.stderr.write(textwrap.fill(str(error), 110))
            sys.exit(1)
        except KeyboardInterrupt:
            self._say("Stopped.")

    def _run(self, supervisor: Supervisor, host: str, port: int, demo_clients: int | None) -> None:
        if demo_clients is not None and demo_clients < FEWEST_CLIENTS:
            raise PreparationError(
                f"A model cannot be trained on {demo_clients} clients: at least {FEWEST_CLIENTS} are needed."
            )
        state_dir: Path = settings.STATE_DIR
        for name in ("locks", "logs"):
            (state_dir / name).mkdir(mode=0o700, exist_ok=True)
        instance = Instance(state_dir / "locks" / "up")
        with instance.hold(f"{host}:{port}", self._say):
            if supervisor.end_left_behind():
                self._say("Ended processes that a previous run had left behind.")
            check_port(host, port)
            embedded = missing_servers()
            line = ProgressLine(
                "Starting PostgreSQL and Valkey" if any(embedded.values()) else "Using the given servers"
            )
            with services(state_dir, **embedded) as held:
                line.finish()
                site = Site(state_dir, host, port, supervisor, held, instance, self._say)
                try:
                    site.serve(site.prepare(demo_clients))
                finally:
                    instance.note_stopping()
                    supervisor.stop()

    def _say(self, sentence: str) -> None:
        self.stdout.write(sentence)
        self.stdout.flush()
