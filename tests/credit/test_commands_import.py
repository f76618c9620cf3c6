"""The shell's commands: generate, then import and wait."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from credit.job_kinds import IMPORT_HOME_CREDIT
from credit.presenters.import_result import import_lines
from pretadepenser.core.models import Job
from tests.builders.imports import ImportFolders


def test_generating_writes_the_seven_tables_and_names(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("generate_home_credit", tmp_path / "new", clients=50, seed=3)

    assert {path.name for path in (tmp_path / "new").iterdir()} >= {
        *("application_train.csv", "application_test.csv", "bureau.csv", "bureau_balance.csv", "identities.csv"),
        *("previous_application.csv", "POS_CASH_balance.csv", "installments_payments.csv", "credit_card_balance.csv"),
    }
    assert str(tmp_path / "new") in capsys.readouterr().out


def test_too_few_clients_are_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="50"):
        call_command("generate_home_credit", tmp_path, clients=3)


@pytest.mark.django_db
def test_importing_queues_the_job(tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()

    call_command("import_home_credit", tmp_path, tmp_path / "more", agency="Lyon", stdout=StringIO())

    job = Job.objects.get(kind=IMPORT_HOME_CREDIT.name)
    assert job.arguments == {"folders": [str(tmp_path), str(tmp_path / "more")], "agency": "Lyon"}
    assert job.created_by is None


@pytest.mark.django_db
def test_a_folder_that_is_not_there_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="nowhere"):
        call_command("import_home_credit", tmp_path / "nowhere")


@pytest.mark.django_db
def test_the_result_is_printed_in_lines(portfolio: Path, import_folders: ImportFolders) -> None:
    with translation.override("en"):
        lines = list(import_lines(import_folders(portfolio)))

    assert lines[0] == "Clients: 60 new, 0 updated, 0 unchanged"
    assert any(line.startswith("Rows read: application 60, bureau ") for line in lines)
