"""A run written to a folder comes back equal, and is complete only when its card is there."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from vision.ml.stored_runs import is_stored, load_run, save_run
from vision.ml.types import ContenderRun, Cost, EpochPoint, Split, WeightsRecord, WeightsSource


@pytest.fixture
def run() -> ContenderRun:
    """A run of seven images and three classes."""
    return ContenderRun(
        contender="vgg16",
        fold=2,
        seed=7,
        split=Split(np.array([0, 0, 0, 1, 1, 2, 2], dtype=np.uint8), 2),
        probabilities=np.random.default_rng(0).dirichlet(np.ones(3), 7).astype(np.float32),
        settings={"head": {"hidden": 256}, "texts": [["a watch"], ["été"]]},
        environment={"torch": "2.15.0"},
        weights=WeightsRecord("vgg16", WeightsSource.FOLDER, "ab" * 32, "vgg16.safetensors"),
        cost=Cost("cpu", 1.5, 0.25, 0.125, 8.0, 1 << 30, 14_714_688, 133_127),
        curve=(EpochPoint(1, 1.5, 0.25, 1.25, 0.5),),
        best_epoch=1,
    )


def test_a_stored_run_comes_back_equal(run: ContenderRun, tmp_path: Path) -> None:
    save_run(run, tmp_path / "run")
    back = load_run(tmp_path / "run")
    assert np.array_equal(back.probabilities, run.probabilities)
    assert back.probabilities.dtype == np.float32
    assert back.split.sha256 == run.split.sha256
    assert replace(back, split=run.split, probabilities=run.probabilities).__dict__ == run.__dict__


def test_the_artefact_travels_with_the_run(run: ContenderRun, tmp_path: Path) -> None:
    made = tmp_path / "elsewhere"
    made.mkdir()
    (made / "card.json").write_text("{}")
    save_run(replace(run, artefact=made), tmp_path / "run")
    artefact = load_run(tmp_path / "run").artefact
    assert artefact == tmp_path / "run" / "artefact"
    assert (artefact / "card.json").read_text() == "{}"


def test_a_run_without_its_card_is_not_stored(run: ContenderRun, tmp_path: Path) -> None:
    assert not is_stored(tmp_path)
    save_run(run, tmp_path)
    assert is_stored(tmp_path)
    (tmp_path / "run.json").unlink()
    assert not is_stored(tmp_path)
