from collections.abc import Iterator

import numpy as np
import pytest
from django.utils import translation

from credit.ml.explanation import probability_points
from credit.presenters.contributions import present_explanation
from credit.selectors.model_versions import ClientExplanation
from tests.builders.clients import MEDIANS


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


def an_explanation(**contributions: float) -> ClientExplanation:
    values = np.array(list(contributions.values()))
    base_value = -2.0
    return ClientExplanation(
        names=tuple(contributions),
        values=np.full(len(values), np.nan),
        contributions=values,
        points=probability_points(values[np.newaxis], base_value)[0],
        base_value=base_value,
        probability=float(1 / (1 + np.exp(-(base_value + values.sum())))),
        additivity_error=0.0,
    )


def test_points_of_all_rows_lead_from_the_start_to_the_score() -> None:
    view = present_explanation(an_explanation(EXT_SOURCE_1=0.7, AMT_CREDIT=-0.2, DAYS_BIRTH=0.0), {})
    assert view.count == 2  # a feature that moved nothing is not a reason
    assert view.base_probability + sum(theme.points for theme in view.themes) == pytest.approx(view.probability)
    assert all(sum(row.points for row in theme.rows) == pytest.approx(theme.points) for theme in view.themes)


def test_values_and_medians_are_in_human_units() -> None:
    explanation = an_explanation(EXT_SOURCE_2=0.3, DAYS_EMPLOYED=0.2)
    explanation.values[:] = (0.2629, np.nan)
    population = {name: {"median": value} for name, value in MEDIANS.items()}
    with translation.override("fr"):
        scores, employment = present_explanation(explanation, population).themes
        assert (scores.rows[0].value, scores.rows[0].usual) == ("0,263", "0,570")
        assert (employment.rows[0].value, employment.rows[0].usual) == ("non renseigné", "3\u00a0ans")


def test_columns_of_a_model_trained_elsewhere_go_by_their_name() -> None:
    view = present_explanation(an_explanation(their_column=0.5), {})
    assert view.themes[0].rows[0].label == "their_column"
