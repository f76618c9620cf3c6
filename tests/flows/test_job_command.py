"""Jobs asked for in a shell: with and without waiting, with and without a worker."""

import _thread
import threading
from argparse import Namespace
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.core.management.base import CommandParser
from django.db import connection
from django.utils.translation import gettext

from pretadepenser.celery import app
from pretadepenser.core.errors import ApplicationError
from pretadepenser.core.jobs import create_job
from pretadepenser.core.management import temporary_worker
from pretadepenser.core.management.job_command import JobCommand
from pretadepenser.core.management.temporary_worker import TemporaryWorker
from pretadepenser.core.management.terminal import ProgressLine
from pretadepenser.core.models import SYSTEM, Job
from tests.running.jobs import STEPS
from tests.running.live_tasks import Gates, steps_done
from tests.running.live_worker import SECONDS_TO_WAIT, StartWorker, wait_until, worker_environment

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("job_folders")]


class TakeSteps(JobCommand):
    """Notes in ``follows`` that its look for workers is over."""

    worker_app = "tests.running.live_app"

    def __init__(self, gates: Gates) -> None:
        super().__init__()
        self.gates = gates
        self.follows = threading.Event()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("steps", type=int)

    def request(self, options: Namespace) -> Job:
        if options.steps < 1:
            raise ApplicationError("At least one step, please.")
        return create_job(STEPS, arguments={"steps": options.steps, "gates": str(self.gates.folder)}, by=SYSTEM)

    def _follow(self, job: Job, line: ProgressLine, worker: TemporaryWorker | None) -> None:
        self.follows.set()
        super()._follow(job, line, worker)


@pytest.fixture
def command(tmp_path: Path) -> TakeSteps:
    return TakeSteps(Gates(tmp_path / "gates"))


@pytest.fixture(autouse=True)
def _state_of_its_own(settings, monkeypatch, tmp_path: Path) -> None:
    settings.STATE_DIR = tmp_path
    for name, value in worker_environment(tmp_path).items():
        monkeypatch.setenv(name, value)
    with app.connection_for_write() as broker, broker.channel() as channel:
        channel.queue_purge("cpu")


def run(command: TakeSteps, *arguments: str) -> str:
    out = StringIO()
    call_command(command, *arguments, stdout=out, skip_checks=True)
    return out.getvalue()


def test_without_waiting_the_command_tells_the_number_of_the_job(command: TakeSteps) -> None:
    output = run(command, "3")
    job = Job.objects.get()
    assert str(job.pk) in output
    assert job.status == "queued"


def test_a_refusal_is_the_error_of_the_command(command: TakeSteps) -> None:
    with pytest.raises(CommandError, match=r"At least one step, please\."):
        run(command, "0", "--wait")


@pytest.mark.slow
def test_waiting_without_a_worker_starts_one_and_ends_it(
    command: TakeSteps, tmp_path: Path, monkeypatch, capsys
) -> None:
    monkeypatch.setattr(temporary_worker, "SECONDS_TO_STOP", SECONDS_TO_WAIT)
    assert "steps: 3" in run(command, "3", "--wait")
    assert steps_done() == [0, 1, 2]
    assert "Steps" in capsys.readouterr().out
    assert list((tmp_path / "logs").iterdir()) == []  # it ended well and left no log


def test_an_installation_without_the_workers_packages_says_that_no_worker_listens(
    command: TakeSteps, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(temporary_worker.PACKAGES, "cpu", "a_package_of_nobody")
    with pytest.raises(CommandError, match="cpu"):
        run(command, "3", "--wait")
    assert Job.objects.get().status == "queued"


@pytest.mark.slow
def test_waiting_uses_the_worker_that_is_there_and_ctrl_c_cancels_the_job(
    live_worker: StartWorker, command: TakeSteps, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setattr(temporary_worker, "SECONDS_TO_ANSWER", 5.0)
    wait_until(live_worker(queues="cpu").is_ready)
    command.gates.close(5)  # for ever

    def interrupt() -> None:
        wait_until(lambda: command.follows.is_set() and len(steps_done()) == 5)
        connection.close()
        _thread.interrupt_main()

    thread = threading.Thread(target=interrupt)
    thread.start()
    with pytest.raises(CommandError, match=gettext("The job was cancelled.")):
        run(command, "1000", "--wait")
    thread.join()
    assert Job.objects.get().status == "cancelled"
    assert not (tmp_path / "logs").exists()
