"""A benchmark on the worker's real runtime, in a fresh process with torch."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.running.measured_benchmarks import TINY, a_measured_run, an_imported_dataset
from vision.ml.splits import make_splits
from vision.ml.types import Part, SplitKind, SplitPlan, WeightsSource
from vision.models import ContenderResult
from vision.selectors.benchmarks import contender_runs, evaluation_of
from vision.selectors.datasets import stored_dataset

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("vision_dir")]


def test_a_benchmark_stores_its_results_with_its_success(tmp_path: Path, vision_dir: Path) -> None:
    dataset = an_imported_dataset(tmp_path / "products")

    run, job = a_measured_run(dataset, replace(TINY, split=SplitPlan(SplitKind.FOLDS, folds=2), seeds=(0, 1)))

    assert (job.status, job.error, job.traceback) == ("succeeded", "", "")
    assert job.result == {"run": run.pk, "results": 4}
    stored = stored_dataset(dataset)
    splits = make_splits(stored, SplitPlan(SplitKind.FOLDS, folds=2))
    assert run.split_hashes == [split.sha256 for split in splits]
    assert run.is_finished and run.environment
    measured = contender_runs(run)
    assert [(result.seed, result.fold) for result in measured] == [(0, 0), (0, 1), (1, 0), (1, 1)]
    for result, row in zip(measured, run.results.all(), strict=True):
        assert result.split.sha256 == row.split_sha256 == run.split_hashes[result.fold]
        assert result.weights.source is WeightsSource.NONE
        assert result.probabilities.sum(axis=1) == pytest.approx(np.ones(18), abs=1e-5)
        test = result.split.positions(Part.TEST)
        hits = result.probabilities[test].argmax(axis=1) == stored.labels[test]
        assert row.test_accuracy == evaluation_of(row).test.accuracy == pytest.approx(hits.mean())
        assert result.artefact is not None and any(result.artefact.iterdir())
        assert len(result.curve) in (1, 2)
    assert not (vision_dir.parent / "jobs" / str(job.pk)).exists()


def test_the_stages_are_in_the_log_of_the_job(tmp_path: Path) -> None:
    _run, job = a_measured_run(an_imported_dataset(tmp_path / "products"))

    texts = [line["text"] for line in job.log]
    assert any(re.match(r"VGG16 étroit\s: extraction des caractéristiques", text) for text in texts)
    assert any(re.search(r"exactitude de test \d+,\d\s%$", text) for text in texts)
    assert job.progress_done == job.progress_total > 0


def test_missing_weights_fail_the_job_with_a_sentence(settings, tmp_path: Path) -> None:
    settings.VISION_WEIGHTS_DIR = str(tmp_path / "weights")
    (tmp_path / "weights").mkdir()
    config = replace(TINY, contenders=("maxvit_t",), from_scratch=False)

    run, job = a_measured_run(an_imported_dataset(tmp_path / "products"), config)

    assert (job.status, job.traceback) == ("failed", "")
    assert "maxvit_t.safetensors" in job.error
    assert str(tmp_path / "weights") in job.error
    assert not run.is_finished
    assert not ContenderResult.objects.exists()
