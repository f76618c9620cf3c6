"""Training as a job: what it saves, what it refuses, and that a killed training goes on from its folds."""

from pathlib import Path

import numpy as np
import pytest
from django.conf import settings

from credit.jobs import training
from credit.jobs.training import train_model
from credit.ml.card import ModelCard, TrainingConfig
from credit.ml.metrics import roc_auc
from credit.ml.model import load_model
from credit.ml.records import from_json
from credit.ml.training.folder import train_in_folder
from credit.models import Client, ModelVersion
from credit.selectors.model_versions import active_model, policy_in_force
from credit.selectors.policies import out_of_fold_rows
from credit.services.model_versions import TrainingRequest, request_training
from pretadepenser.core.errors import ApplicationError
from pretadepenser.core.models import SYSTEM, Job
from tests.builders.portfolios import a_portfolio
from tests.running.jobs import WorkerLost, after

pytestmark = pytest.mark.django_db(transaction=True)
SMALL = TrainingRequest(seed=3, folds=2)


@pytest.fixture(autouse=True)
def _own_work_dir(settings, tmp_path: Path) -> None:
    settings.JOB_WORK_DIR = tmp_path / "jobs"


@pytest.fixture(autouse=True)
def _short_training(monkeypatch) -> None:
    monkeypatch.setattr(training, "CONFIG", TrainingConfig(max_rounds=60, learning_rate=0.2, feature_fraction=0.5))


def test_a_training_saves_model_folds_card_and_policy_with_its_success() -> None:
    portfolio = a_portfolio(900, known=800)
    job = after(request_training(request=SMALL, by=SYSTEM), train_model)
    assert (job.status, job.error, job.traceback) == ("succeeded", "", "")
    version = ModelVersion.objects.get()
    assert job.result == {"model_version": 1, "promoted": False}
    assert (version.number, version.status, version.origin, version.job) == (1, "candidate", "trained", job)
    model = load_model(version.text)
    assert model.sha256 == version.sha256 == version.card["model_sha256"]
    assert version.feature_names == list(model.feature_names)
    card = from_json(ModelCard, version.card)
    assert card.data.rows == 800
    assert (card.config.seed, card.config.folds) == (3, 2)
    assert card.evaluation.intervals.roc_auc.value > 0.6
    assert version.folds.count() == 2
    policy = policy_in_force(version)
    assert (policy.number, policy.threshold, policy.grey_low, policy.grey_high) == (
        1,
        card.threshold.threshold,
        card.threshold.grey_low,
        card.threshold.grey_high,
    )
    known = portfolio.target >= 0
    held_out = out_of_fold_rows(version)
    assert np.array_equal(held_out.client_ids, portfolio.client_ids[known])
    assert np.array_equal(held_out.target, portfolio.target[known])
    assert roc_auc(held_out.target, held_out.probability) == card.evaluation.intervals.roc_auc.value
    probability = model.predict(portfolio.matrix, portfolio.feature_set.columns)[known]
    assert abs(probability.mean() - portfolio.target[known].mean()) < 0.05
    assert not (Path(settings.JOB_WORK_DIR) / str(job.pk)).exists()


def test_a_training_can_promote_what_it_made() -> None:
    a_portfolio(700)
    after(request_training(request=TrainingRequest(seed=1, folds=2, is_promoted=True), by=SYSTEM), train_model)
    assert active_model().number == 1
    kinds = set(Job.objects.filter(status="queued").values_list("kind", flat=True))
    assert kinds == {"credit.score_portfolio", "credit.explain_portfolio", "credit.check_groups"}


def test_a_killed_training_goes_on_from_its_finished_folds_and_gives_the_same_model(monkeypatch) -> None:
    a_portfolio(700)
    whole = after(request_training(request=SMALL, by=SYSTEM), train_model)
    expected = ModelVersion.objects.get(number=whole.result["model_version"])

    job = request_training(request=SMALL, by=SYSTEM)
    with monkeypatch.context() as dying, pytest.raises(WorkerLost):
        dying.setattr(training, "train_in_folder", _killed_in_second_fold)
        dying.setattr("worker.runtime.run_in_child", _here)
        after(job, train_model)
    folder = Path(settings.JOB_WORK_DIR) / str(job.pk)
    assert [path.name for path in folder.glob("fold-*")] == ["fold-0.txt"]
    written = (folder / "fold-0.txt").stat().st_mtime_ns
    Client.objects.update(target=None)  # what was gathered once is what is trained on
    Job.objects.filter(pk=job.pk).update(status="queued", lease=None)
    seen = []
    monkeypatch.setattr(training, "_save", _seeing(folder, seen, training._save))
    job = after(job, train_model)
    assert (job.status, job.attempt, job.traceback) == ("succeeded", 2, "")
    assert seen == [written]
    assert ModelVersion.objects.get(number=2).text == expected.text


def _here(target, *, on_progress, check, gpu):
    return target(on_progress=on_progress)


def _killed_in_second_fold(folder: Path, config, wording, *, on_progress):
    def dying(done: int, total: int, message: str) -> None:
        if "2/2" in message:
            raise WorkerLost
        on_progress(done, total, message)

    return train_in_folder(folder, config, wording, on_progress=dying)


def _seeing(folder: Path, seen: list[int], save):
    def look(*arguments: object) -> object:
        seen.append((folder / "fold-0.txt").stat().st_mtime_ns)
        return save(*arguments)

    return look


@pytest.mark.parametrize(
    ("rows", "known", "same", "sentence"),
    [
        (600, 0, None, "TARGET"),
        (600, 600, 0, "600"),
        (60, 60, None, "60"),
    ],
)
def test_a_training_with_nothing_to_learn_from_is_refused_at_once(rows, known, same, sentence) -> None:
    a_portfolio(rows, known=known)
    if same is not None:
        Client.objects.update(target=same)
    with pytest.raises(ApplicationError, match=sentence):
        request_training(request=SMALL, by=SYSTEM)
    assert not Job.objects.exists()


def test_a_training_without_clients_is_refused() -> None:
    with pytest.raises(ApplicationError, match="import"):
        request_training(request=SMALL, by=SYSTEM)


@pytest.mark.parametrize(
    ("field", "request_"), [("folds", TrainingRequest(folds=1)), ("seed", TrainingRequest(seed=-1))]
)
def test_a_senseless_request_is_refused_by_field(field: str, request_: TrainingRequest) -> None:
    with pytest.raises(ApplicationError) as refused:
        request_training(request=request_, by=SYSTEM)
    assert refused.value.field == field


def test_two_trainings_asked_for_at_once_are_one_job() -> None:
    a_portfolio(600)
    assert request_training(request=SMALL, by=SYSTEM) == request_training(request=SMALL, by=SYSTEM)


def test_outcomes_that_vanish_between_request_and_training_fail_with_a_sentence() -> None:
    a_portfolio(600)
    job = request_training(request=SMALL, by=SYSTEM)
    Client.objects.update(target=None)
    job = after(job, train_model)
    assert job.status == "failed"
    assert "TARGET" in job.error
    assert job.traceback == ""


def test_the_outcomes_are_those_of_the_rows() -> None:
    portfolio = a_portfolio(50, known=20)
    clients, target = training._outcomes(portfolio.feature_set)
    assert clients.tolist() == portfolio.client_ids[:20].tolist()
    assert np.array_equal(target, portfolio.target[:20])
