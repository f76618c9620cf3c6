"""The reports: what is compared with what, what alarms, and that sex is in the report on groups alone."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from credit.jobs.monitoring import check_drift, check_groups
from credit.ml.application import COLUMNS
from credit.ml.columns import CATEGORIES
from credit.ml.threshold import OutOfFoldRows
from credit.models import Client, ModelVersion, MonitoringReport, Score
from credit.selectors.monitoring import Period
from credit.services.monitoring import request_drift_report, request_group_report
from pretadepenser.core.errors import ApplicationError
from pretadepenser.core.models import SYSTEM, Actor
from tests.builders.clients import an_active_model
from tests.builders.measured_models import keep_out_of_fold
from tests.builders.people import Cast
from tests.running.jobs import after

pytestmark = pytest.mark.django_db(transaction=True)
KNOWN, NEW = 600, 300


@pytest.fixture(autouse=True)
def _own_work_dir(settings, tmp_path: Path) -> None:
    settings.JOB_WORK_DIR = tmp_path / "jobs"


def applications(rows: int, seed: int, income: float = 1.0) -> np.ndarray:
    """Raw applications (rows, 120): incomes, ages and sexes vary, the rest is blank."""
    generator = np.random.default_rng(seed)
    matrix = np.full((rows, len(COLUMNS)), np.nan)
    matrix[:, COLUMNS.index("AMT_INCOME_TOTAL")] = income * generator.lognormal(11, 0.5, rows)
    matrix[:, COLUMNS.index("DAYS_BIRTH")] = -generator.uniform(21, 69, rows) * 365.25
    for name in ("CODE_GENDER", "NAME_CONTRACT_TYPE"):
        matrix[:, COLUMNS.index(name)] = generator.integers(0, 2, rows)
    return matrix


def world(cast: Cast, *, income: float = 1.0, late: int = 0) -> ModelVersion:
    """KNOWN clients with an outcome and NEW ones, of whom the first ``late`` have one by now; all are scored."""
    version = an_active_model(threshold=0.2, grey_low=0.18, grey_high=0.22)
    matrix = np.concatenate([applications(KNOWN, 1), applications(NEW, 2, income)])
    generator = np.random.default_rng(3)
    sex = matrix[:, COLUMNS.index("CODE_GENDER")]
    probability = np.clip(generator.beta(1.5, 8, len(matrix)) + 0.2 * sex, 0, 1)
    target = (generator.random(len(matrix)) < probability).astype(int)
    ids = np.arange(1, len(matrix) + 1)
    Client.objects.bulk_create(
        Client(
            pk=int(pk),
            agency=cast.agency,
            target=int(target[row]) if row < KNOWN + late else None,
            application=matrix[row].astype("<f8").tobytes(),
        )
        for row, pk in enumerate(ids)
    )
    Score.objects.bulk_create(
        Score(client_id=int(pk), model_version=version, probability=float(p))
        for pk, p in zip(ids, probability, strict=True)
    )
    keep_out_of_fold(version, OutOfFoldRows(ids[:KNOWN], probability[:KNOWN], target[:KNOWN].astype(np.int8)))
    return version


def test_a_shift_of_incomes_is_found_and_nothing_else(cast: Cast) -> None:
    version = world(cast, income=2.0)
    job = after(request_drift_report(model_version=version, period=Period(), by=Actor(cast.auditor)), check_drift)
    assert (job.status, job.traceback) == ("succeeded", "")
    report = MonitoringReport.objects.get()
    assert (report.kind, report.alerts, report.created_by, report.job) == ("drift", 1, cast.auditor, job)
    assert report.results["clients"] == {"reference": KNOWN, "current": NEW}
    alarming = [name for name, found in report.results["variables"].items() if found["level"] != "stable"]
    assert alarming == ["AMT_INCOME_TOTAL"]
    assert "score" in report.results["variables"]
    assert "CODE_GENDER" not in report.results["variables"]
    assert set(CATEGORIES) - {"CODE_GENDER"} <= set(report.results["variables"])


def test_outcomes_that_came_late_are_measured_on_clients_not_learned_from(cast: Cast) -> None:
    version = world(cast, late=200)
    after(request_drift_report(model_version=version, period=Period(), by=SYSTEM), check_drift)
    outcomes = MonitoringReport.objects.get().results["outcomes"]
    assert outcomes["clients"] == 200
    assert 0.5 < outcomes["roc_auc"]["low"] < outcomes["roc_auc"]["value"]


def test_without_late_outcomes_the_report_says_none(cast: Cast) -> None:
    version = world(cast)
    after(request_drift_report(model_version=version, period=Period(), by=SYSTEM), check_drift)
    assert MonitoringReport.objects.get().results["outcomes"] == {"clients": 0, "defaults": 0}


def test_a_model_that_knows_its_clients_by_heart_does_not_raise_a_drift_of_scores(cast: Cast) -> None:
    version = world(cast)
    learned = Score.objects.filter(client_id__lte=KNOWN)
    learned.filter(client__target=1).update(probability=0.95)
    learned.filter(client__target=0).update(probability=0.01)
    after(request_drift_report(model_version=version, period=Period(), by=SYSTEM), check_drift)
    score = MonitoringReport.objects.get().results["variables"]["score"]
    assert score["level"] == "stable"
    assert score["psi"]["value"] < 0.1


def test_a_period_takes_its_clients_out_of_the_reference(cast: Cast) -> None:
    version = world(cast, late=200)
    Client.objects.filter(pk__gt=KNOWN).update(created_at="2026-01-15T10:00:00Z")
    period = Period(date(2026, 1, 1), date(2026, 1, 31))
    after(request_drift_report(model_version=version, period=period, by=SYSTEM), check_drift)
    report = MonitoringReport.objects.get()
    assert report.results["clients"] == {"reference": KNOWN, "current": NEW}
    assert Period.of(report.parameters) == period


def test_too_few_clients_are_not_compared(cast: Cast) -> None:
    version = world(cast)
    with pytest.raises(ApplicationError):
        request_drift_report(model_version=version, period=Period(date(2020, 1, 1), date(2020, 2, 1)), by=SYSTEM)
    with pytest.raises(ApplicationError):
        request_drift_report(model_version=version, period=Period(date(2026, 2, 1), date(2026, 1, 1)), by=SYSTEM)


def test_groups_treated_otherwise_are_found_with_their_sizes(cast: Cast) -> None:
    version = world(cast)
    job = after(request_group_report(model_version=version, by=SYSTEM), check_groups)
    assert (job.status, job.traceback) == ("succeeded", "")
    report = MonitoringReport.objects.get()
    assert (report.kind, report.alerts) == ("fairness", 1)
    assert report.parameters == {"policy": 1, "threshold": 0.2}
    women, men = report.results["attributes"]["sex"]["groups"]
    assert report.results["attributes"]["sex"]["tests"]["approval_rate"] < 0.001
    assert women["clients"] + men["clients"] == report.results["clients"] == KNOWN
    assert women["measures"]["approval_rate"]["value"] > men["measures"]["approval_rate"]["value"]
    assert report.results["attributes"]["family_status"]["groups"] == []


def test_clients_erased_since_the_training_are_left_out(cast: Cast) -> None:
    version = world(cast)
    Client.objects.filter(pk__lte=50).delete()
    after(request_group_report(model_version=version, by=SYSTEM), check_groups)
    assert MonitoringReport.objects.get().results["clients"] == KNOWN - 50


def test_a_version_without_out_of_fold_predictions_has_no_groups(cast: Cast) -> None:
    with pytest.raises(ApplicationError):
        request_group_report(model_version=an_active_model(), by=SYSTEM)
