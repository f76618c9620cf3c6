"""What ``manage.py up`` prepares: static files and tables at each start, the demo once."""

import hashlib
import io
import json
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import ManifestFilesMixin
from django.core.management import call_command
from django.db import connection
from django.db.models import Model
from pydantic import BaseModel

from credit.models import Client
from pretadepenser.core.management.terminal import ProgressLine
from pretadepenser.core.models import User

VENDORED = ("chart.umd.min.js", "htmx.min.js")
DEMO_SEED = 1


class PreparationError(Exception):
    """A paragraph for the terminal: which step failed, why, and what to do."""


@dataclass(frozen=True)
class Step:
    """A ``manage.py`` command that runs once per database."""

    name: str
    title: str
    arguments: Sequence[str]


class DemoRecord(BaseModel):
    """Which steps of the demo are done, in which database and for how many clients."""

    database: str
    clients: int = 0
    accounts: str = ""  # the table of accounts, shown at each start
    has_data: bool = False  # the database's clients are fictitious: recorded before the first one is imported
    done: tuple[str, ...] = ()


class Demo:
    """The demo in the current database: whether it belongs there, and which steps are left."""

    def __init__(self, state_dir: Path, clients: int, *, is_embedded: bool) -> None:
        self._folder = state_dir / "demo"
        self._clients = clients
        self._is_embedded = is_embedded
        self._record = self._read()

    @property
    def has_accounts(self) -> bool:
        """Whether accounts with a public password belong into this database: only if it is embedded or unused."""
        return self._is_embedded or bool(self.accounts) or not _has_rows(User)

    @property
    def has_data(self) -> bool:
        """Whether fictitious clients belong into this database: never beside clients of another origin."""
        return self._record.has_data or (self.has_accounts and not _has_rows(Client))

    @property
    def accounts(self) -> str:
        """The table of the accounts; empty before they are created."""
        return self._record.accounts

    def create_accounts(self) -> None:
        """Creates the accounts, once: a password that is changed afterwards stays changed."""
        table = io.StringIO()
        call_command("create_demo_accounts", yes=True, stdout=table)
        self._update(accounts=table.getvalue().rstrip())

    def steps_left(self) -> list[Step]:
        """The steps still to be done for this number of clients, in order."""
        return [step for step in self._all_steps() if step.name not in self._done]

    def note_begun(self) -> None:
        """Records, before the first client is imported, that this database's clients are fictitious."""
        self._update(has_data=True, clients=self._clients, done=self._done)

    def note_done(self, step: Step) -> None:
        self._update(done=(*self._done, step.name))

    @property
    def _done(self) -> tuple[str, ...]:
        return self._record.done if self._record.clients == self._clients else ()

    def _all_steps(self) -> list[Step]:
        tables = str(self._folder / "home_credit")
        generate = ("generate_home_credit", tables, "--clients", str(self._clients), "--seed", str(DEMO_SEED))
        return [
            Step("generate", f"Generating {self._clients:,} clients", generate),
            Step("import", "Importing them", ("import_home_credit", tables, "--wait")),
            Step("train", "Training the credit model", ("train_model", "--wait", "--promote")),
            Step("score", "Scoring and explaining every client", ("score_clients", "--wait", "--explain")),
            Step("vision", "Drawing products and importing them", ("prepare_vision_demo",)),
            Step("day", "Taking a day's decisions", ("prepare_credit_demo",)),
        ]

    def _read(self) -> DemoRecord:
        """The stored record; an empty one if it is missing, unreadable or another database's."""
        empty = DemoRecord(database=database_identity())
        try:
            stored = DemoRecord.model_validate_json((self._folder / "record.json").read_bytes())
        except (FileNotFoundError, ValueError):
            return empty
        return stored if stored.database == empty.database else empty

    def _update(self, **changes: object) -> None:
        self._record = self._record.model_copy(update=changes)
        self._folder.mkdir(exist_ok=True)
        draft = self._folder / "record.new"
        draft.write_text(self._record.model_dump_json(), encoding="utf-8")
        draft.replace(self._folder / "record.json")


def _has_rows(model: type[Model]) -> bool:
    return model._default_manager.exists()


def database_identity() -> str:
    """The time of the database's first migration, which differs once the database was dropped and created again."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(applied) FROM django_migrations")
        return str(cursor.fetchone()[0])


def run_step(title: str, action: Callable[[], None], log: Path) -> None:
    """Runs ``action`` with a line on the terminal.

    Raises PreparationError for any exception of the action, whose traceback goes to ``log``.
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
    sentence = " ".join(reason.split()).rstrip(".")
    return (
        f"“{title}” failed: {sentence}. The details are in {log}. Remove the cause and start again: finished steps are "
        "not repeated."
    )


def check_vendored_assets() -> None:
    """Raises PreparationError unless Chart.js and htmx were copied from npm."""
    missing = [name for name in VENDORED if not (settings.BASE_DIR / "static" / "vendor" / name).exists()]
    if missing:
        raise PreparationError(
            f"The browser libraries {' and '.join(missing)} are not in static/vendor: run `make assets`, which gets "
            "them from npm (as `make run` does)."
        )


def collect_static_files() -> None:
    """Runs collectstatic, unless no static file has changed since it last completed."""
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    current = _static_state()
    if _is_manifest_usable() and stamp.exists() and stamp.read_text(encoding="utf-8") == current:
        return
    # Cleared first: collectstatic keeps a copy that is newer than its source, even when the source has changed.
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(current, encoding="utf-8")


def _is_manifest_usable() -> bool:
    """Whether the list of the collected files' names, if there is one, can be read; a damaged one is removed."""
    manifest = Path(settings.STATIC_ROOT) / ManifestFilesMixin.manifest_name
    try:
        return bool(json.loads(manifest.read_bytes())["paths"])
    except FileNotFoundError:
        return True
    except (ValueError, LookupError, TypeError):
        manifest.unlink()
        return False


def _static_state() -> str:
    """A digest of the names, sizes and times of all static files, and of the storage class."""
    digest = hashlib.sha256(repr(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def retry_failed_benchmark() -> None:
    """Queues the demo's vision benchmark again if it failed."""
    call_command("prepare_vision_demo", stdout=io.StringIO())


def migrate() -> None:
    call_command("migrate", interactive=False, verbosity=0, stdout=io.StringIO())
