from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision.ml.label_errors import held_out_probabilities, label_error_candidates
from vision.ml.types import ContenderRun, Cost, Split, WeightsRecord, WeightsSource


def _probabilities(truth: np.ndarray, certainty: float, seed: int = 0, sure: tuple[int, ...] = ()) -> np.ndarray:
    """What a good contender says of 3 classes: about ``certainty`` for the truth, more where it is ``sure``."""
    rng = np.random.default_rng(seed)
    own = np.clip(rng.normal(certainty, 0.05, len(truth)), 0.4, 0.98)
    own[list(sure)] = rng.uniform(0.95, 0.98, len(sure))
    probabilities = np.repeat(((1 - own) / 2)[:, None], 3, axis=1)
    probabilities[np.arange(len(truth)), truth] = own
    return probabilities.astype(np.float32)


def test_planted_errors_come_first_with_their_true_class() -> None:
    truth = np.arange(120) % 3
    labels = truth.copy()
    planted = (4, 17, 50, 99)
    labels[list(planted)] = (truth[list(planted)] + 1) % 3
    found = label_error_candidates(_probabilities(truth, 0.8, sure=planted), labels, np.arange(120))
    assert {candidate.position for candidate in found} == set(planted)
    assert all(candidate.suggested == truth[candidate.position] for candidate in found)


def test_an_image_that_the_contender_is_unsure_of_is_not_a_candidate() -> None:
    truth = np.arange(60) % 3
    labels = truth.copy()
    labels[7] = (truth[7] + 1) % 3
    probabilities = _probabilities(truth, 0.8)
    probabilities[7] = [0.3, 0.4, 0.3]
    assert label_error_candidates(probabilities, labels, np.arange(60)) == ()


def test_candidates_are_ranked_by_how_far_their_label_falls_behind() -> None:
    truth = np.arange(60) % 3
    labels = truth.copy()
    labels[:6] = (truth[:6] + 2) % 3
    found = label_error_candidates(_probabilities(truth, 0.8, sure=tuple(range(6))), labels, np.arange(60))
    assert len(found) == 6
    gaps = [candidate.self_confidence - candidate.suggested_confidence for candidate in found]
    assert gaps == sorted(gaps)
    assert all(gap < 0 for gap in gaps)


def test_only_the_positions_asked_for_are_looked_at() -> None:
    truth = np.arange(60) % 3
    labels = truth.copy()
    labels[[3, 40]] = (truth[[3, 40]] + 1) % 3
    found = label_error_candidates(_probabilities(truth, 0.8, sure=(3, 40)), labels, np.arange(30))
    assert [candidate.position for candidate in found] == [3]


def test_a_class_without_labelled_images_is_never_suggested() -> None:
    probabilities = np.array([[0.1, 0.2, 0.7], [0.8, 0.1, 0.1], [0.2, 0.7, 0.1]], dtype=np.float32)
    assert label_error_candidates(probabilities, np.array([0, 0, 1]), np.arange(3)) == ()


@given(st.integers(0, 1000))
def test_a_contender_that_is_always_right_suspects_nothing(seed: int) -> None:
    labels = np.arange(30) % 3
    assert label_error_candidates(_probabilities(labels, 0.9, seed), labels, np.arange(30)) == ()


def _run(parts: list[int], probabilities: np.ndarray, fold: int = 0) -> ContenderRun:
    cost = Cost("cpu", 0.0, 0.0, 0.0, 1.0, 0, 0, 0)
    weights = WeightsRecord("x", WeightsSource.NONE, "0" * 64)
    split = Split(np.array(parts, dtype=np.uint8), fold)
    return ContenderRun("x", fold, 0, split, probabilities.astype(np.float32), {}, {}, weights, cost, artefact=Path())


def test_held_out_probabilities_come_from_the_fold_that_tested_the_image() -> None:
    first, second = np.full((4, 2), [0.9, 0.1]), np.full((4, 2), [0.2, 0.8])
    probabilities, positions = held_out_probabilities([_run([2, 2, 0, 1], first), _run([0, 1, 2, 0], second, fold=1)])
    assert positions.tolist() == [0, 1, 2]
    np.testing.assert_allclose(probabilities, [[0.9, 0.1], [0.9, 0.1], [0.2, 0.8], [0, 0]], rtol=1e-6)


def test_held_out_probabilities_of_several_seeds_are_averaged() -> None:
    run = _run([2, 2, 0, 1], np.full((4, 2), [0.9, 0.1]))
    other = replace(run, seed=1, probabilities=np.full((4, 2), [0.5, 0.5], dtype=np.float32))
    probabilities, _ = held_out_probabilities([run, other])
    assert probabilities[0].tolist() == pytest.approx([0.7, 0.3])
