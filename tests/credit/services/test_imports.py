"""Asking for an import."""

from pathlib import Path

import pytest
from django.utils import translation

from credit.job_kinds import IMPORT_HOME_CREDIT
from credit.services.imports import request_import
from pretadepenser.core.errors import ApplicationError
from pretadepenser.core.models import SYSTEM, Actor, AuditEvent, Job
from tests.builders.people import Cast

pytestmark = pytest.mark.django_db


def test_an_import_is_queued_with_absolute_folders(cast: Cast, tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "more").mkdir()
    monkeypatch.chdir(tmp_path)

    job = request_import(folders=[Path(), Path("more")], agency="  Le   Havre ", by=Actor(cast.administrator))

    assert (job.kind, job.queue, job.status) == (IMPORT_HOME_CREDIT.name, "cpu", Job.Status.QUEUED)
    assert job.arguments == {"folders": [str(tmp_path), str(tmp_path / "more")], "agency": "Le Havre"}
    assert AuditEvent.objects.get(action="job.requested").actor == cast.administrator


def test_the_same_import_is_queued_once_and_another_one_beside_it(cast: Cast, tmp_path: Path) -> None:
    first = request_import(folders=[tmp_path], by=Actor(cast.administrator))

    assert request_import(folders=[tmp_path / "." / ""], by=SYSTEM) == first
    assert request_import(folders=[tmp_path], agency="Lyon", by=SYSTEM) != first


@pytest.mark.parametrize(
    ("folders", "agency", "field", "part"),
    [
        ([], "", "folders", "Name the folder"),
        (["nowhere"], "", "folders", "nowhere"),
        (["file"], "", "folders", "file"),
        (["there", "there"], "", "folders", "once"),
        (["there"], "x" * 81, "agency", "80"),
    ],
)
def test_what_cannot_be_imported_is_refused_with_a_sentence(
    tmp_path: Path, folders: list[str], agency: str, field: str, part: str
) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "file").touch()

    with translation.override("en"), pytest.raises(ApplicationError, match=part) as refusal:
        request_import(folders=[tmp_path / name for name in folders], agency=agency, by=SYSTEM)

    assert refusal.value.field == field
    assert not Job.objects.exists()
