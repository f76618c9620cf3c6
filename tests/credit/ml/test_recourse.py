"""The smallest change is really the smallest there is, and touches the loan alone."""

from itertools import pairwise

import numpy as np
import pytest

from credit.ml.catalogue import describe
from credit.ml.columns import PROTECTED
from credit.ml.inputs import given
from credit.ml.recourse import INSTALMENTS, LEVER_COLUMNS, Lever, candidates_of, smallest_change
from credit.ml.simulation import NO_CHANGES, Subject, probabilities
from tests.builders.simulations import Material

LOAN = {"AMT_CREDIT": 406_597.5, "AMT_ANNUITY": 24_700.5, "AMT_GOODS_PRICE": 351_000.0}


def subject(material: Material, row: int) -> Subject:
    return Subject(material.raw[row], material.features[row])


@pytest.mark.parametrize("lever", list(Lever))
def test_candidates_are_feasible_and_come_nearest_first(lever: Lever) -> None:
    candidates = list(candidates_of(lever, LOAN))
    assert len(candidates) > 30
    for changes in candidates:
        assert set(changes.codes) <= set(LEVER_COLUMNS)
        for name, value in changes.codes.items():
            assert describe(name).minimum <= value <= describe(name).maximum
    key = "AMT_CREDIT" if lever != Lever.DURATION else "AMT_ANNUITY"
    if lever == Lever.DURATION:
        distances = [
            abs(LOAN["AMT_CREDIT"] / c.codes[key] - LOAN["AMT_CREDIT"] / LOAN["AMT_ANNUITY"]) for c in candidates
        ]
        assert all(near <= far + 0.001 for near, far in pairwise(distances))
        assert len(candidates) == INSTALMENTS[1] - INSTALMENTS[0] + 1
    else:
        amounts = [changes.codes[key] for changes in candidates]
        assert amounts == sorted(amounts, reverse=True)
        assert amounts[0] == 406_000.0
        assert {a - b for a, b in pairwise(amounts)} == {1000.0}


def test_a_larger_down_payment_keeps_the_price_and_the_duration() -> None:
    first = next(candidates_of(Lever.DOWN_PAYMENT, LOAN)).codes
    assert "AMT_GOODS_PRICE" not in first
    assert first["AMT_CREDIT"] / first["AMT_ANNUITY"] == pytest.approx(406_597.5 / 24_700.5, rel=0.005)


def test_a_smaller_project_keeps_the_share_that_is_borrowed() -> None:
    for changes in list(candidates_of(Lever.SMALLER_PROJECT, LOAN))[:100]:
        assert changes.codes["AMT_CREDIT"] / changes.codes["AMT_GOODS_PRICE"] == pytest.approx(
            406_597.5 / 351_000.0, rel=0.01
        )


@pytest.mark.parametrize("blank", ["AMT_CREDIT", "AMT_ANNUITY"])
@pytest.mark.parametrize("lever", list(Lever))
def test_a_loan_with_blanks_has_no_candidates(lever: Lever, blank: str) -> None:
    assert not list(candidates_of(lever, {**LOAN, blank: float("nan")}))


def test_only_what_an_advisor_may_change_is_ever_changed() -> None:
    assert all(describe(name).is_simulable for name in LEVER_COLUMNS)
    assert not set(LEVER_COLUMNS) & set(PROTECTED)


@pytest.mark.parametrize("lever", list(Lever))
def test_it_is_what_trying_everything_finds(material: Material, lever: Lever) -> None:
    """Against brute force, also where nothing passes, whatever the model's shape between the candidates."""
    outcomes = set()
    for row in range(0, 60, 4):
        file = subject(material, row)
        limit = float(probabilities(material.model, file, [NO_CHANGES])[0]) * 0.97
        candidates = list(candidates_of(lever, given(LEVER_COLUMNS, file.raw)))
        passing = [k for k, p in enumerate(probabilities(material.model, file, candidates)) if p < limit]
        found = smallest_change(material.model, file, lever, limit)
        outcomes.add(found is None)
        if found is None:
            assert not passing
        else:
            assert found.changes == candidates[passing[0]]
            assert found.probability == probabilities(material.model, file, [found.changes])[0] < limit
    assert outcomes == {True, False} or lever != Lever.DOWN_PAYMENT


def test_an_impossible_limit_has_no_answer(material: Material) -> None:
    assert smallest_change(material.model, subject(material, 0), Lever.DURATION, 0.0) is None


def test_the_search_leaves_the_file_alone(material: Material) -> None:
    before = material.raw[1].copy()
    smallest_change(material.model, subject(material, 1), Lever.DOWN_PAYMENT, 0.01)
    np.testing.assert_array_equal(material.raw[1], before)
