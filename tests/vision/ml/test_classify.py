"""A trained contender's file gives an image the probabilities of its run."""

from pathlib import Path

import numpy as np
import pytest

from tests.builders.encoders import CPU
from tests.running.small_benchmarks import LEARNERS, config_for, small_run
from vision.ml import classify as module
from vision.ml.classify import classify
from vision.ml.types import BenchmarkError, ContenderRun, Dataset
from vision.ml.weights import WeightsLocator

NOWHERE = WeightsLocator(None)


@pytest.fixture(scope="module")
def runs(place: Path, dataset: Dataset) -> dict[str, ContenderRun]:
    found = small_run(place, config_for(*LEARNERS, epochs=1), dataset)
    return {run.contender: run for run in found}


@pytest.mark.parametrize("contender", LEARNERS)
def test_a_trained_contender_repeats_its_probabilities(
    contender: str, place: Path, dataset: Dataset, runs: dict[str, ContenderRun]
) -> None:
    run = runs[contender]
    assert run.artefact is not None
    for position in (0, 17):
        sha256 = dataset.items[position].sha256
        image = np.load(place / "cache" / sha256[:2] / f"{sha256}.npy")
        found = classify(run.artefact, image, weights=NOWHERE, device=CPU)
        assert found.dtype == np.float32
        np.testing.assert_allclose(found, run.probabilities[position], atol=1e-4)


def test_artefacts_hold_only_what_was_learned(runs: dict[str, ContenderRun]) -> None:
    for run in runs.values():
        assert run.artefact is not None
        size = sum(path.stat().st_size for path in run.artefact.iterdir())
        classifier = 4 * (2 * 128 + 128 * 256 + 256 + 3 * 257)  # scales, hidden layer, logits, for the largest of them
        assert size < 4 * run.cost.trainable_parameters + classifier + 8192


def test_other_weights_than_those_of_the_run_are_refused(
    place: Path, runs: dict[str, ContenderRun], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "ENCODER_SEED", 1)
    artefact = runs["vgg16-narrow"].artefact
    assert artefact is not None
    with pytest.raises(BenchmarkError, match="not those the contender was trained with"):
        classify(artefact, np.zeros((20, 30, 3), dtype=np.uint8), weights=NOWHERE, device=CPU)
