"""Every point of a curve is what a simulation of that value alone would say."""

import numpy as np
import pytest

from credit.ml.inputs import POSITIONS
from credit.ml.levers import INCOME, LEVERS, Situation, pull_levers
from credit.ml.loan import NeverRepaid, Quantity
from credit.ml.simulation import NO_CHANGES, Changes, Subject, probabilities
from tests.builders.simulations import Material


def subject(material: Material, row: int) -> Subject:
    return Subject(material.raw[row], material.features[row])


def expected(material: Material, file: Subject, situation: Situation, name: str, value: float) -> float:
    codes = dict(situation.changes.codes)
    loan = situation.loan
    assert loan
    match name:
        case "INSTALMENTS":
            loan = loan.changed({Quantity.COUNT: value}, situation.held)
        case "AMT_ANNUITY":
            loan = loan.changed({Quantity.INSTALMENT: value}, situation.held)
        case "AMT_CREDIT":
            loan = loan.changed({Quantity.AMOUNT: value}, situation.held)
        case "DOWN_PAYMENT":
            loan = loan.changed({Quantity.AMOUNT: loan.amount_after(value)}, situation.held)
        case "AMT_INCOME_TOTAL":
            codes[INCOME] = value
    return float(probabilities(material.model, file, [Changes(codes | loan.columns)])[0])


@pytest.mark.parametrize("held", list(Quantity))
def test_each_point_is_what_a_simulation_of_its_value_says(material: Material, held: Quantity) -> None:
    for row in (0, 7, 23):
        file = subject(material, row)
        loan = file.loan.scaled(file.loan.amount * 0.8)
        situation = Situation(Changes({INCOME: 150_000.0} | loan.columns), loan, held)
        levers = pull_levers(material.model, file, situation)
        assert levers.before == probabilities(material.model, file, [NO_CHANGES])[0]
        assert levers.now == probabilities(material.model, file, [situation.changes])[0]
        assert {curve.name for curve in levers.curves} == set(LEVERS)
        for curve in levers.curves:
            assert (curve.value, levers.now) in curve.points
            for value, probability in curve.points[:: len(curve.points) - 1]:
                if value != curve.value:
                    assert probability == pytest.approx(expected(material, file, situation, curve.name, value))


def test_curves_go_up_through_whole_steps_around_the_file(material: Material) -> None:
    for row in range(0, 60, 6):
        file = subject(material, row)
        for curve in pull_levers(material.model, file, Situation(loan=file.loan)).curves:
            values = [value for value, _probability in curve.points]
            assert values == sorted(set(values))
            assert 8 <= len(values) <= 34
            assert curve.minimum <= min(curve.value, curve.start) and max(curve.value, curve.start) <= curve.maximum
            assert all(value % curve.step == 0 for value in values if value != curve.value)
            assert all(0 <= probability <= 1 for _value, probability in curve.points)


def test_amounts_that_the_held_instalment_never_repays_have_no_point(material: Material) -> None:
    file = subject(material, 0)
    levers = pull_levers(material.model, file, Situation(loan=file.loan, held=Quantity.INSTALMENT))
    amounts = next(curve for curve in levers.curves if curve.name == "AMT_CREDIT")
    with pytest.raises(NeverRepaid):
        file.loan.changed({Quantity.AMOUNT: file.loan.instalment / file.loan.rate * 1.01}, Quantity.INSTALMENT)
    assert max(value for value, _probability in amounts.points) < file.loan.instalment / file.loan.rate


def test_a_file_without_a_loan_has_the_income_alone(material: Material) -> None:
    raw = material.raw[0].copy()
    raw[POSITIONS["AMT_ANNUITY"]] = np.nan
    file = Subject(raw, material.features[0])
    names = [curve.name for curve in pull_levers(material.model, file, Situation(loan=file.loan)).curves]
    assert names == [INCOME]
