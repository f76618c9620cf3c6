import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone

from credit.jobs import retention
from credit.jobs.retention import apply_retention
from credit.models import Client, Decision, ModelVersion, PopulationStore, ReviewRequest, Scenario
from credit.selectors.retention import retention_rules
from credit.services.retention import request_retention
from pretadepenser.core.models import SYSTEM, AuditEvent, Job
from tests.builders.clients import a_client, an_active_model
from tests.builders.decisions import a_decision
from tests.builders.people import Cast
from tests.builders.persons import a_known_person
from tests.running.jobs import InlineProgress

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def periods(settings) -> None:
    settings.RETENTION_REFUSED_DAYS = 10
    settings.RETENTION_DECIDED_DAYS = 100
    settings.RETENTION_UNDECIDED_DAYS = 0
    settings.RETENTION_SCENARIOS_DAYS = 20
    settings.RETENTION_JOBS_DAYS = 5
    settings.RETENTION_JOURNAL_DAYS = 1


def ago(days: int):
    return timezone.now() - timedelta(days=days)


def decided(cast: Cast, number: int, outcome: str, days: int) -> Client:
    """A client whose only decision is so many days old."""
    client = a_client(number, cast.agency)
    a_decision(client, cast.advisor, outcome, "because")
    client.decisions.update(decided_at=ago(days))
    return client


def due() -> dict[str, int]:
    return {rule.name: rule.due.count() for rule in retention_rules()}


def apply(tmp_path: Path) -> dict[str, int]:
    return dict(apply_retention(request_retention(by=SYSTEM), InlineProgress(tmp_path)))


def test_each_outcome_has_its_period(cast: Cast, tmp_path: Path) -> None:
    for number, (outcome, days) in enumerate(
        [("refused", 9), ("refused", 11), ("granted", 11), ("granted", 101), ("documents", 500)], start=1
    ):
        decided(cast, number, outcome, days)
    a_client(6, cast.agency)
    counts = apply(tmp_path)
    assert (counts["refused"], counts["granted"], counts["undecided"]) == (1, 1, 0)
    assert set(Client.objects.values_list("pk", flat=True)) == {1, 3, 5, 6}
    assert AuditEvent.objects.filter(action="client.erased", detail__ground="period_over").count() == 2


def test_the_last_decision_counts_not_an_older_one(cast: Cast) -> None:
    client = decided(cast, 1, "refused", 50)
    client.version = 2
    client.save()
    a_decision(client, cast.advisor, "granted", "because")
    assert due()["refused"] == 0


def test_a_review_or_a_countersignature_to_come_keeps_the_file(cast: Cast) -> None:
    client = a_known_person(cast)
    client.decisions.update(decided_at=ago(50))
    assert due()["refused"] == 0
    ReviewRequest.objects.update(outcome="upheld", closed_at=timezone.now(), closed_by=cast.supervisor)
    assert due()["refused"] == 1
    Decision.objects.update(status="waiting")
    assert due()["refused"] == 0


def test_untouched_files_go_only_where_a_period_is_set(cast: Cast, settings) -> None:
    a_client(1, cast.agency)
    Client.objects.update(updated_at=ago(50))
    assert due()["undecided"] == 0
    settings.RETENTION_UNDECIDED_DAYS = 40
    assert due()["undecided"] == 1


def test_old_simulations_and_jobs_go_and_jobs_that_are_an_origin_stay(cast: Cast, tmp_path: Path) -> None:
    a_known_person(cast)
    Scenario.objects.update(created_at=ago(21))
    for number, days in enumerate([6, 6, 4], start=1001):
        Job.objects.create(pk=number, kind="test.old", status="succeeded", finished_at=ago(days))
    PopulationStore.objects.create(folder="x", rows=1, job_id=1001)
    counts = apply(tmp_path)
    assert (counts["scenarios"], counts["jobs"]) == (1, 1)
    assert set(Job.objects.filter(kind="test.old").values_list("pk", flat=True)) == {1001, 1003}


def test_the_journal_is_listed_for_archiving_and_stays_whole(cast: Cast, settings, tmp_path: Path) -> None:
    settings.RETENTION_JOURNAL_DAYS = 0
    assert due()["journal"] == 0
    before = AuditEvent.objects.count()
    apply(tmp_path)
    assert AuditEvent.objects.filter(action="retention.applied").count() == 1
    assert AuditEvent.objects.count() > before


def test_many_files_go_in_chunks_and_a_successor_goes_on_counting(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "ROWS_AT_ONCE", 2)
    for number in range(1, 6):
        decided(cast, number, "refused", 50)
    job, progress = request_retention(by=SYSTEM), InlineProgress(tmp_path, stop_at=(4, KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        apply_retention(job, progress)
    assert Client.objects.count() == 1
    job.checkpoint = progress.checkpoints[-1]
    assert apply_retention(job, InlineProgress(tmp_path))["refused"] == 5
    assert not Client.objects.exists()


def test_a_dry_run_says_what_would_go_and_erases_nothing(cast: Cast) -> None:
    decided(cast, 1, "refused", 50)
    version = an_active_model()
    out = io.StringIO()
    call_command("apply_retention", dry_run=True, stdout=out)
    lines = out.getvalue().splitlines()
    assert len(lines) == len(retention_rules())
    assert lines[0].endswith(": 1")
    assert "10" in lines[0]
    assert Client.objects.count() == 1
    assert not Job.objects.filter(kind="credit.apply_retention").exists()
    assert ModelVersion.objects.get() == version
