"""One image on trained contenders."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from pretadepenser.core.errors import ApplicationError
from pretadepenser.core.models import Actor
from tests.builders.benchmarks import a_result, a_run
from tests.builders.images import an_image
from tests.builders.people import Cast
from tests.running.jobs import after
from tests.running.measured_benchmarks import TINY, a_measured_run, an_imported_dataset
from vision.jobs.trials import try_image
from vision.ml.types import SplitKind, SplitPlan
from vision.models import Trial
from vision.selectors.datasets import trial_cache
from vision.services.trials import forget_old_trials, request_trial

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("vision_dir")]


def test_every_trained_contender_answers_once(tmp_path: Path, cast: Cast) -> None:
    config = replace(TINY, contenders=("vgg16-narrow", "squeezenet1_1"), split=SplitPlan(SplitKind.FOLDS, folds=2))
    run, _job = a_measured_run(an_imported_dataset(tmp_path / "products"), config)

    trial = request_trial(run=run, image=an_image((220, 60, 40)), by=Actor(cast.advisor))
    job = after(trial.job, try_image)

    assert (job.status, job.error, job.queue) == ("succeeded", "", "images")
    trial.refresh_from_db()
    assert sorted((answer["contender"], answer["fold"]) for answer in trial.answers) == [
        ("squeezenet1_1", 0),
        ("vgg16-narrow", 0),
    ]
    for answer in trial.answers:
        assert len(answer["probabilities"]) == 3
        assert sum(answer["probabilities"]) == pytest.approx(1, abs=1e-5)
    assert trial_cache().read(trial.sha256).shape == (48, 48, 3)


def refused(run, image: bytes, cast: Cast) -> ApplicationError:
    with pytest.raises(ApplicationError) as caught:
        request_trial(run=run, image=image, by=Actor(cast.advisor))
    assert not Trial.objects.exists()
    return caught.value


def test_a_run_without_trained_contenders_is_refused(cast: Cast) -> None:
    run = a_run()
    a_result(run)

    assert refused(run, an_image(), cast).code == "no_artefact"


@pytest.mark.parametrize("image", [b"", b"not an image", an_image()[:100], b"x" * (2**20 + 1)])
def test_an_unreadable_or_too_large_image_is_refused(settings, cast: Cast, image: bytes) -> None:
    settings.VISION_IMAGE_MEGABYTES = 1
    run = a_run()
    a_result(run, artefact="runs/1/x")

    assert refused(run, image, cast).field == "image"


def test_an_image_is_deleted_after_a_week_unless_it_was_tried_again(cast: Cast) -> None:
    run = a_run()
    a_result(run, artefact="runs/1/x")
    first, again, other = (
        request_trial(run=run, image=an_image(seed=seed), by=Actor(cast.advisor)) for seed in (1, 1, 2)
    )
    Trial.objects.exclude(pk=again.pk).update(created_at=timezone.now() - timedelta(days=8))

    forget_old_trials()

    assert list(Trial.objects.all()) == [again]
    assert first.sha256 in trial_cache()
    assert other.sha256 not in trial_cache()
