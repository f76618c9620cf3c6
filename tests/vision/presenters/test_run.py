"""A finished benchmark's ranking and settings, and the status of one in the list."""

import pytest

from pretadepenser.core.models import Job
from tests.builders.benchmarks import a_dataset_with_images, a_readable_run, a_run
from vision.ml.statistics import wilson
from vision.ml.types import SplitKind, SplitPlan, WeightsSource
from vision.models import BenchmarkRun
from vision.presenters.run import basis_sentence, plan_words, present_run
from vision.presenters.runs import present_rows
from vision.presenters.weights import run_warnings, weights_warnings
from vision.selectors.benchmarks import evaluation_of, runs


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        (SplitPlan(), "stratified: 60% training, 20% validation, 20% test"),
        (SplitPlan(SplitKind.FOLDS, folds=4), "4 stratified folds"),
        (SplitPlan(SplitKind.ORIGINAL), "that of the original study"),
    ],
)
def test_a_split_is_named_with_its_shares_or_folds(plan: SplitPlan, words: str) -> None:
    assert plan_words(plan) == words


@pytest.mark.parametrize(
    ("sources", "warnings"),
    [
        ((WeightsSource.HUB, WeightsSource.FOLDER), ()),
        (("demo", "demo", "hub"), ("demo weights",)),
        ((WeightsSource.NONE, WeightsSource.DEMO), ("demo weights", "from scratch")),
    ],
)
def test_weights_that_say_nothing_about_published_models_are_warned_of(
    sources: tuple[str, ...], warnings: tuple[str, ...]
) -> None:
    assert weights_warnings(*sources) == warnings


def test_several_seeds_on_one_split_are_named_as_such() -> None:
    assert basis_sentence({0}, {0, 1, 2}, 600) == (
        "On the 200 test images of one split. Means of 3 seeds; the intervals leave out how much seeds differ."
    )


@pytest.mark.django_db
@pytest.mark.usefixtures("vision_dir")
class TestFinishedRun:
    def test_contenders_are_ranked_by_test_accuracy_with_their_interval(self) -> None:
        run = a_readable_run()
        view = present_run(run)
        results = sorted(run.results.all(), key=lambda result: -result.test_accuracy)
        assert [row.summary.test_accuracy.mean for row in view.rows] == [result.test_accuracy for result in results]
        assert view.rows[0].title == view.chart.labels[0] == "Small CLIP, zero-shot"
        interval = evaluation_of(results[0]).test.accuracy_interval
        assert view.rows[0].interval == f"{interval.low:.1%} to {interval.high:.1%}"
        assert view.basis == "On the 12 test images of one split."

    def test_several_folds_are_ranked_by_their_mean_with_the_interval_of_all_images(self) -> None:
        run = a_readable_run(folds=3)
        view = present_run(run)
        accuracies = [result.test_accuracy for result in run.results.filter(contender="clip-small-zero-shot")]
        assert view.rows[0].summary.test_accuracy.mean == pytest.approx(sum(accuracies) / 3)
        interval = wilson(12 * sum(accuracies), 36)
        assert view.rows[0].interval == f"{interval.low:.1%} to {interval.high:.1%}"
        assert view.basis == "Each of the 36 images was tested once, in one of 3 folds."

    def test_the_frozen_settings_name_data_split_seeds_and_environment(self) -> None:
        run = a_readable_run()
        facts = dict(present_run(run).facts)
        assert facts["Data set"].startswith(run.dataset.name)
        assert facts["Maximum epochs"] == "each contender's default"
        assert facts["Split hash"] == run.split_hashes[0][:12]


@pytest.mark.django_db
@pytest.mark.usefixtures("vision_dir")
@pytest.mark.parametrize(
    ("fields", "progress"),
    [
        ({"progress_done": 1, "progress_total": 4, "progress_message": "VGG16: training"}, "25% · VGG16: training"),
        ({"progress_total": 0}, ""),
        ({"status": "failed", "progress_done": 1, "progress_total": 4}, ""),
    ],
)
def test_the_list_shows_the_progress_of_a_run_only_while_it_lasts(fields: dict[str, object], progress: str) -> None:
    run = a_run(a_dataset_with_images(3))
    ended = {"finished_at": run.created_at} if "status" in fields else {}
    Job.objects.update(**fields, **ended)
    (row,) = present_rows(list(runs()), chosen=[run.pk])
    assert (row.progress, row.contenders, row.is_chosen) == (progress, (), True)


@pytest.mark.django_db
def test_a_run_from_scratch_is_warned_of_before_it_has_results() -> None:
    run = a_run()
    BenchmarkRun.objects.update(config={**run.config, "from_scratch": True})
    assert run_warnings(runs().get(pk=run.pk)) == ("from scratch",)
