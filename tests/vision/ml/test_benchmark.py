"""Whole benchmarks: results, refusals before any work, and resumption to the same bits after a kill."""

import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.builders.image_datasets import ROOT, coloured_dataset
from tests.running import small_benchmarks
from tests.running.small_benchmarks import LEARNERS, config_for, folders_in, small_run
from vision.ml import benchmark
from vision.ml.encoders import check_texts
from vision.ml.types import (
    BenchmarkConfig,
    BenchmarkError,
    ContenderRun,
    Dataset,
    SplitKind,
    SplitPlan,
    WeightsRecord,
    WeightsSource,
)
from vision.ml.weights import LocatedWeights, WeightsLocator


class Cancel(Exception):  # noqa: N818
    """Cancels a run."""


@pytest.fixture(scope="module")
def reports() -> list[tuple[int, int, str]]:
    return []


@pytest.fixture(scope="module")
def runs(place: Path, dataset: Dataset, reports: list[tuple[int, int, str]]) -> tuple[ContenderRun, ...]:
    """One run of each learner; ``reports`` holds its progress."""
    return small_run(place, config_for(*LEARNERS), dataset, on_progress=lambda *report: reports.append(report))


def test_every_contender_gives_every_image_probabilities(runs: tuple[ContenderRun, ...], dataset: Dataset) -> None:
    assert [run.contender for run in runs] == list(LEARNERS)
    for run in runs:
        assert run.probabilities.shape == (len(dataset.items), len(dataset.classes))
        assert run.probabilities.dtype == np.float32
        np.testing.assert_allclose(run.probabilities.sum(1), 1, atol=1e-5)


def test_every_run_records_its_weights_environment_and_cost(runs: tuple[ContenderRun, ...], dataset: Dataset) -> None:
    for run in runs:
        assert run.weights.source is WeightsSource.NONE
        assert len(run.weights.sha256) == 64
        assert {"python", "torch", "torchvision", "transformers", "device", "threads"} <= run.environment.keys()
        assert run.settings["dataset"] == dataset.fingerprint
        assert run.cost.images_per_second > 0
        assert run.cost.peak_memory_bytes > 10_000_000
        assert 0 <= run.cost.trainable_parameters < run.cost.parameters
    trained = {run.contender: len(run.curve) for run in runs if run.best_epoch is not None}
    assert trained == {"vgg16-narrow": 2, "vgg16-narrow-finetuned": 2, "clip-small-finetuned": 2}


def test_the_bar_never_goes_back_and_ends_full(
    runs: tuple[ContenderRun, ...], reports: list[tuple[int, int, str]]
) -> None:
    done = [report[0] for report in reports]
    assert done == sorted(done)
    assert reports[-1][0] == reports[-1][1]
    assert len({total for _, total, _ in reports}) == 1
    assert "Narrow VGG16, seed 0, fold 1 of 1: training" in {stage for _, _, stage in reports}


def test_finished_runs_are_read_back(place: Path, dataset: Dataset, runs: tuple[ContenderRun, ...]) -> None:
    stages: list[str] = []
    again = small_run(place, config_for(*LEARNERS), dataset, on_progress=lambda _, __, stage: stages.append(stage))
    assert not any("training" in stage for stage in stages)
    for first, second in zip(runs, again, strict=True):
        assert np.array_equal(first.probabilities, second.probabilities)
        assert first.cost == second.cost


def test_a_run_with_other_settings_is_not_taken_for_this_one(
    place: Path, dataset: Dataset, runs: tuple[ContenderRun, ...]
) -> None:
    config = config_for("vgg16-narrow", epochs=1)
    other = small_run(place, config, dataset, work="other")
    assert len(other[0].curve) == 1
    longer = small_run(place, replace(config, epochs=3), dataset, work="other")
    assert len(longer[0].curve) == 3


def test_sentences_that_are_cut_are_said_before_anything_is_computed(place: Path, dataset: Dataset) -> None:
    sentences = {name: (f"{name} {'very ' * 20}nice",) for name in dataset.classes}
    config = replace(config_for("clip-small-zero-shot"), prompts="descriptions", descriptions=sentences)
    stages: list[str] = []
    small_run(place, config, dataset, work="cut", on_progress=lambda _, __, stage: stages.append(stage))
    said = next(number for number, stage in enumerate(stages) if "the ends of 3 sentences are not read" in stage)
    assert not any("training" in stage or "features" in stage for stage in stages[:said])


def test_words_that_the_tokenizer_does_not_tell_apart_are_refused(place: Path, dataset: Dataset) -> None:
    located = LocatedWeights(WeightsRecord("clip-small", WeightsSource.NONE, ""), None)
    texts = [["x" * 62 + name] for name in dataset.classes]
    with pytest.raises(BenchmarkError, match="the same words"):
        check_texts(located, WeightsLocator(None, from_scratch=True), texts, dataset.classes)


def test_folds_and_seeds_are_run_in_order(place: Path, dataset: Dataset) -> None:
    config = BenchmarkConfig(
        ("clip-small-zero-shot",), SplitPlan(SplitKind.FOLDS, folds=3), seeds=(4, 5), device="cpu", from_scratch=True
    )
    results = small_run(place, config, dataset, work="folds")
    assert [(run.seed, run.fold) for run in results] == [(seed, fold) for seed in (4, 5) for fold in range(3)]
    tests = np.stack([run.split.parts == 2 for run in results[:3]])
    assert (tests.sum(0) == 1).all()
    assert [run.cost.feature_seconds > 0 for run in results] == [True] + 5 * [False]


def test_missing_weights_are_all_named_before_anything_runs(place: Path, dataset: Dataset, tmp_path: Path) -> None:
    config = replace(config_for("clip-small-zero-shot", "regnet_y_8gf", "alexnet"), from_scratch=False)
    stages: list[str] = []
    folders = replace(folders_in(place, "missing"), weights=tmp_path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("vision.ml.weights.hub_files", lambda _: ())
        with pytest.raises(BenchmarkError) as caught:
            benchmark.run(config, dataset, folders, on_progress=lambda _, __, stage: stages.append(stage))
    assert "regnet_y_8gf.safetensors" in str(caught.value)
    assert "alexnet.safetensors" in str(caught.value)
    assert str(tmp_path) in str(caught.value)
    assert all(stage.startswith("Looking up the weights") for stage in stages)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"contenders": ()}, "at least one contender"),
        ({"contenders": ("vgg61",)}, "There is no contender"),
        ({"epochs": 0}, "at least one epoch"),
        ({"device": "tpu"}, "There is no device"),
        ({"prompts": "poems", "contenders": ("clip-small-zero-shot",)}, "There are no prompts"),
        ({"prompts": "descriptions", "contenders": ("clip-small-zero-shot",)}, "have no description: Blue"),
        ({"split": SplitPlan(SplitKind.FOLDS, folds=1)}, "two folds"),
    ],
)
def test_an_impossible_configuration_is_refused_at_once(
    change: dict[str, object], sentence: str, place: Path, dataset: Dataset
) -> None:
    with pytest.raises(BenchmarkError, match=sentence):
        small_run(place, replace(config_for("vgg16-narrow"), **change), dataset, work="refused")  # type: ignore[arg-type]


@pytest.mark.parametrize("contender", LEARNERS)
def test_a_cancelled_benchmark_stops_within_one_call_and_resumes(
    contender: str, place: Path, dataset: Dataset, runs: tuple[ContenderRun, ...]
) -> None:
    calls: list[float] = []

    def cancel(done: int, total: int, stage: str) -> None:
        if "training" in stage:
            calls.append(time.monotonic())
            raise Cancel

    with pytest.raises(Cancel):
        small_run(place, config_for(contender), dataset, work="cancelled", on_progress=cancel)
    assert len(calls) == 1
    results = small_run(place, config_for(contender), dataset, work="cancelled")
    assert np.array_equal(results[0].probabilities, runs[LEARNERS.index(contender)].probabilities)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("contender", "share"),
    [
        ("vgg16-narrow", 0.5),  # while features are computed
        ("vgg16-narrow-finetuned", 0.75),
        ("vgg16-narrow-finetuned", 0.95),
        ("clip-small-finetuned", 0.6),
    ],
)
def test_a_killed_process_resumes_to_the_same_bits(contender: str, share: float, tmp_path: Path) -> None:
    dataset, _ = coloured_dataset(tmp_path)
    config = config_for(contender, epochs=4)
    stages: list[str] = []
    whole = replace(folders_in(tmp_path, "whole"), features=tmp_path / "other")
    expected = benchmark.run(config, dataset, whole, on_progress=lambda _, __, stage: stages.append(stage))[0]
    place = tmp_path / "killed"
    command = [sys.executable, "-m", small_benchmarks.__name__, str(place), contender, str(int(share * len(stages)))]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == -signal.SIGKILL
    assert not list(place.glob("work/*/run.json"))
    results = small_run(place, config, dataset)[0]
    assert np.array_equal(results.probabilities, expected.probabilities)
    assert results.curve == expected.curve
