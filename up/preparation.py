"""What ``manage.py up`` prepares: static files, tables and roles at each start, the demonstration once."""

import hashlib
import io
import json
import traceback
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.models import Model

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


@dataclass(frozen=True)
class DemoRecord:
    """What of the demonstration is done already, in which database and for how many clients."""

    database: str
    clients: int = 0
    accounts: str = ""  # the table that is shown at each start
    has_data: bool = False  # the database's clients are the demonstration's: written before the first of them
    done: tuple[str, ...] = ()


class Demo:
    """The demonstration in the current database: whether it belongs there, and what of it is left to do."""

    def __init__(self, state_dir: Path, clients: int, *, is_embedded: bool) -> None:
        self._folder = state_dir / "demo"
        self._clients = clients
        self._is_embedded = is_embedded
        self._database = database_identity()

    @property
    def has_accounts(self) -> bool:
        """Whether accounts with a known password belong into this database: an embedded or an unused one."""
        return self._is_embedded or bool(self.accounts) or not _has_rows(get_user_model())

    @property
    def has_data(self) -> bool:
        """Whether fictitious clients belong into this database: not beside clients of another origin."""
        record = self._read()
        is_ours = record is not None and record.has_data
        return is_ours or (self.has_accounts and not _has_rows(apps.get_model("credit", "Client")))

    def create_accounts(self) -> None:
        """Make the accounts and remember it: whoever changes a password afterwards keeps it."""
        table = io.StringIO()
        call_command("create_demo_accounts", yes=True, stdout=table)
        self._write(replace(self._read() or DemoRecord(self._database), accounts=table.getvalue().rstrip()))

    @property
    def accounts(self) -> str:
        """The table of the accounts; empty without them."""
        record = self._read()
        return record.accounts if record is not None else ""

    def steps_left(self) -> list[Step]:
        """What is still to be done for this number of clients, in order."""
        record = self._read()
        done = record.done if record is not None and record.clients == self._clients else ()
        return [step for step in self._all_steps() if step.name not in done]

    def note_begun(self) -> None:
        """Remember, before the first client is there, that this database's clients are the demonstration's."""
        record = self._read() or DemoRecord(self._database)
        done = record.done if record.clients == self._clients else ()
        self._write(replace(record, has_data=True, clients=self._clients, done=done))

    def note_done(self, step: Step) -> None:
        record = self._read() or DemoRecord(self._database)
        self._write(replace(record, done=(*record.done, step.name)))

    def _all_steps(self) -> list[Step]:
        tables = str(self._folder / "home_credit")
        generate = ("generate_home_credit", tables, "--clients", str(self._clients), "--seed", str(DEMO_SEED))
        return [
            Step("generate", f"Generating {self._clients:,} clients", generate),
            Step("import", "Importing them", ("import_home_credit", tables, "--wait")),
            Step("train", "Training the credit model", ("train_model", "--wait", "--promote")),
            Step("score", "Scoring and explaining every client", ("score_clients", "--wait", "--explain")),
            Step("vision", "Drawing products and importing them", ("prepare_vision_demo",)),
            Step("day", "Letting the people of the demonstration work for a day", ("prepare_credit_demo",)),
        ]

    def _read(self) -> DemoRecord | None:
        """The record of this database; None where there is none, or only another database's."""
        try:
            content = json.loads((self._folder / "record.json").read_text(encoding="utf-8"))
            record = DemoRecord(**{**content, "done": tuple(content["done"])})
        except (FileNotFoundError, ValueError, TypeError, KeyError):
            return None
        return record if record.database == self._database else None

    def _write(self, record: DemoRecord) -> None:
        self._folder.mkdir(exist_ok=True)
        draft = self._folder / "record.new"
        draft.write_text(json.dumps(asdict(record)), encoding="utf-8")
        draft.replace(self._folder / "record.json")


def _has_rows(model: type[Model]) -> bool:
    return model._default_manager.exists()


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
    # Cleared first: collectstatic alone keeps a copy that is newer than its source, though the source has changed.
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(current, encoding="utf-8")


def _static_state() -> str:
    """A digest of names, sizes and times of all static files, and of how they are stored."""
    digest = hashlib.sha256(repr(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            found = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{found.st_size}\0{found.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def request_vision_demo() -> None:
    """Queue the demonstration's benchmark again if it failed."""
    call_command("prepare_vision_demo", stdout=io.StringIO())


def migrate() -> None:
    """Bring the tables up to date."""
    call_command("migrate", interactive=False, verbosity=0, stdout=io.StringIO())
