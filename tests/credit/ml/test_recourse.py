"""The smallest change is really the smallest there is, is a real change, and touches the loan alone."""

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from credit.ml.catalogue import describe
from credit.ml.columns import PROTECTED
from credit.ml.loan import FEWEST, LOAN_COLUMNS, MOST, Loan
from credit.ml.recourse import KNOWN_RATIOS, SMALLEST_SHARE, Lever, candidates_of, changes_of, smallest_change
from credit.ml.simulation import NO_CHANGES, Subject, probabilities
from tests.builders.simulations import Material

LOAN = Loan.read({"AMT_CREDIT": 406_597.5, "AMT_ANNUITY": 24_700.5, "AMT_GOODS_PRICE": 351_000.0})
assert LOAN


def subject(material: Material, row: int) -> Subject:
    return Subject(material.raw[row], material.features[row])


@pytest.mark.parametrize("lever", list(Lever))
def test_candidates_are_feasible_real_and_come_nearest_first(lever: Lever) -> None:
    candidates = list(candidates_of(lever, LOAN))
    assert len(candidates) > 20
    for loan in candidates:
        changes = changes_of(LOAN, loan)
        assert changes
        assert set(changes.codes) <= set(LOAN_COLUMNS)
        assert KNOWN_RATIOS[0] <= loan.amount / loan.instalment <= KNOWN_RATIOS[1]
        for name, value in changes.codes.items():
            assert describe(name).minimum <= value <= describe(name).maximum
    if lever == Lever.DURATION:
        distances = [abs(loan.count - LOAN.count) for loan in candidates]
        assert distances == sorted(distances)
        assert all(FEWEST <= loan.count <= MOST and loan.amount == LOAN.amount for loan in candidates)
    else:
        amounts = [loan.amount for loan in candidates]
        assert amounts[0] == 406_000.0
        assert {a - b for a, b in pairwise(amounts)} == {1000.0}
        assert amounts[-1] >= SMALLEST_SHARE * LOAN.amount


def test_a_larger_down_payment_is_larger_and_keeps_the_price_and_the_duration() -> None:
    payments = [LOAN.down_payment, *(loan.down_payment for loan in candidates_of(Lever.DOWN_PAYMENT, LOAN))]
    assert all(less < more for less, more in pairwise(payments))
    assert payments[0] == 0
    for loan in candidates_of(Lever.DOWN_PAYMENT, LOAN):
        assert (loan.price, loan.count, loan.rate) == (LOAN.price, LOAN.count, LOAN.rate)


def test_a_smaller_project_keeps_the_share_that_is_borrowed() -> None:
    for loan in candidates_of(Lever.SMALLER_PROJECT, LOAN):
        assert loan.amount / loan.price == pytest.approx(LOAN.amount / LOAN.price, rel=1e-6)


def test_without_a_price_only_the_duration_changes() -> None:
    blank = replace(LOAN, price=math.nan)
    assert not list(candidates_of(Lever.DOWN_PAYMENT, blank))
    assert not list(candidates_of(Lever.SMALLER_PROJECT, blank))
    assert list(candidates_of(Lever.DURATION, blank))


@pytest.mark.parametrize("lever", list(Lever))
def test_a_file_without_a_loan_has_no_answer(material: Material, lever: Lever) -> None:
    raw = np.full_like(material.raw[0], np.nan)
    assert smallest_change(material.model, Subject(raw, material.features[0]), lever, 1.0) is None


def test_only_what_an_advisor_may_change_is_ever_changed() -> None:
    assert all(describe(name).is_simulable for name in LOAN_COLUMNS)
    assert not set(LOAN_COLUMNS) & set(PROTECTED)


@pytest.mark.parametrize("lever", list(Lever))
def test_it_is_what_trying_everything_finds(material: Material, lever: Lever) -> None:
    """Against brute force, also where nothing passes, whatever the model's shape between the candidates."""
    outcomes = set()
    for row in range(0, 60, 4):
        file = subject(material, row)
        limit = float(probabilities(material.model, file, [NO_CHANGES])[0]) * 0.97
        candidates = [changes_of(file.loan, loan) for loan in candidates_of(lever, file.loan)]
        passing = [k for k, p in enumerate(probabilities(material.model, file, candidates)) if p < limit]
        found = smallest_change(material.model, file, lever, limit)
        outcomes.add(found is None)
        if found is None:
            assert not passing
        else:
            assert found.changes == candidates[passing[0]]
            assert found.loan.columns | found.changes.codes == found.loan.columns
            assert found.probability == probabilities(material.model, file, [found.changes])[0] < limit
    assert outcomes == {True, False} or lever != Lever.DOWN_PAYMENT


def test_an_impossible_limit_has_no_answer(material: Material) -> None:
    assert smallest_change(material.model, subject(material, 0), Lever.DURATION, 0.0) is None


def test_the_search_leaves_the_file_alone(material: Material) -> None:
    before = material.raw[1].copy()
    smallest_change(material.model, subject(material, 1), Lever.DOWN_PAYMENT, 0.01)
    np.testing.assert_array_equal(material.raw[1], before)
