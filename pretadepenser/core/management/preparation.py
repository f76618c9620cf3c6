"""What ``manage.py up`` prepares: static files, tables and roles at each start, the demonstration once."""

import hashlib
import io
import json
import traceback
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection

from pretadepenser.core.management.terminal import ProgressLine

VENDORED = ("chart.umd.min.js", "htmx.min.js")
DEMO_SEED = 1


class PreparationError(Exception):
    """A paragraph for the terminal: which step failed, why, and what to do."""


@dataclass(frozen=True)
class Step:
    """One command of ``manage.py`` that is run once for a database."""

    name: str
    title: str
    arguments: Sequence[str]


@dataclass
class DemoRecord:
    """What of the demonstration is done already, for which database and how many clients."""

    database: str
    clients: int
    done: list[str] = field(default_factory=list)


class Demo:
    """The demonstration's steps that are left to do."""

    def __init__(self, state_dir: Path, clients: int) -> None:
        self._folder = state_dir / "demo"
        self._record_path = self._folder / "record.json"
        self._wanted = DemoRecord(database_identity(), clients)

    def steps(self) -> list[Step]:
        """What is still to be done, in order; nothing in a database that got its clients from somewhere else."""
        record = self._read()
        if record is None and apps.get_model("credit", "Client")._default_manager.exists():
            return []
        done = record.done if record is not None else []
        return [step for step in self._all_steps() if step.name not in done]

    def begin(self) -> None:
        """Remember that this database's clients are the demonstration's, before the first of them is there."""
        if self._read() is None:
            self._write(self._wanted)

    def note_done(self, step: Step) -> None:
        record = self._read() or self._wanted
        self._write(DemoRecord(record.database, record.clients, [*record.done, step.name]))

    def _all_steps(self) -> list[Step]:
        tables, clients = str(self._folder / "home_credit"), self._wanted.clients
        generate = ("generate_home_credit", tables, "--clients", str(clients), "--seed", str(DEMO_SEED))
        return [
            Step("generate", f"Generating {clients:,} clients", generate),
            Step("import", "Importing them", ("import_home_credit", tables, "--wait")),
            Step("train", "Training the credit model", ("train_model", "--wait", "--promote")),
            Step("score", "Scoring and explaining every client", ("score_clients", "--wait", "--explain")),
        ]

    def _read(self) -> DemoRecord | None:
        """The record of this database; None where there is none, or only another database's."""
        try:
            record = DemoRecord(**json.loads(self._record_path.read_text(encoding="utf-8")))
        except (FileNotFoundError, ValueError, TypeError):
            return None
        if record.database != self._wanted.database:
            return None
        return record if record.clients == self._wanted.clients else self._wanted

    def _write(self, record: DemoRecord) -> None:
        self._folder.mkdir(exist_ok=True)
        draft = self._record_path.with_suffix(".new")
        draft.write_text(json.dumps(asdict(record)), encoding="utf-8")
        draft.replace(self._record_path)


def database_identity() -> str:
    """The moment of the database's first migration: another one after it was dropped and made anew."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(applied) FROM django_migrations")
        return str(cursor.fetchone()[0])


def run_step(title: str, action: Callable[[], None], log: Path) -> None:
    """Run a step with its line on the terminal.

    Whatever it raises becomes a PreparationError, and its traceback goes to ``log``.
    """
    line = ProgressLine(title)
    try:
        action()
    except Exception as error:
        line.fail()
        with log.open("a", encoding="utf-8") as file:
            traceback.print_exc(file=file)
        raise PreparationError(failure(title, str(error) or type(error).__name__, log)) from error
    line.finish()


def failure(title: str, reason: str, log: Path) -> str:
    """The paragraph for a step that failed."""
    said = " ".join(reason.split()).rstrip(".")
    return (
        f"“{title}” failed: {said}. The details are in {log}. Remove the cause and start again: what is done already "
        "is kept."
    )


def check_vendored_assets() -> None:
    """Raise PreparationError unless Chart.js and htmx were copied from npm."""
    missing = [name for name in VENDORED if not (settings.BASE_DIR / "static" / "vendor" / name).exists()]
    if missing:
        raise PreparationError(
            f"The browser libraries {' and '.join(missing)} are not in static/vendor: run `make assets`, which gets "
            "them from npm (`make run` does so by itself)."
        )


def collect_static_files() -> None:
    """Run collectstatic, unless no static file has changed since it last ran to its end."""
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    current = _static_state()
    if stamp.exists() and stamp.read_text(encoding="utf-8") == current:
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(current, encoding="utf-8")


def _static_state() -> str:
    """A digest of names, sizes and times of all static files, and of how they are stored."""
    digest = hashlib.sha256(repr(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            found = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{found.st_size}\0{found.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def compile_translations() -> None:
    call_command("compile_translations", stdout=io.StringIO())


def migrate() -> None:
    """Bring the tables up to date."""
    call_command("migrate", interactive=False, verbosity=0, stdout=io.StringIO())


def create_roles() -> None:
    call_command("create_roles", stdout=io.StringIO())


def demo_accounts() -> str:
    """Make the demonstration's accounts unless they are there; returns the table that the command prints."""
    table = io.StringIO()
    call_command("create_demo_accounts", stdout=table)
    return table.getvalue().rstrip()
