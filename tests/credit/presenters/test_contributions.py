from collections.abc import Iterator

import numpy as np
import pytest
from django.utils import translation

from credit.ml.catalogue import UNKNOWN_THEME, themes
from credit.ml.explanation import probability_points
from credit.presenters.contributions import present_explanation
from credit.presenters.reasons import MAX_REASONS, SENTENCES
from credit.selectors.model_versions import ClientExplanation
from pretadepenser.core import formats
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


def test_every_theme_of_the_catalogue_has_its_two_sentences() -> None:
    assert set(SENTENCES) == {*themes(), UNKNOWN_THEME} - {"identity"}
    sentences = [str(each) for pair in SENTENCES.values() for each in pair]
    assert len(set(sentences)) == len(sentences)


def test_there_are_at_most_four_reasons_strongest_first_and_signed() -> None:
    view = present_explanation(
        an_explanation(
            EXT_SOURCE_1=0.4, EXT_SOURCE_2=0.3, AMT_CREDIT=-0.5, DAYS_BIRTH=0.2, DAYS_EMPLOYED=-0.1, OWN_CAR_AGE=0.05
        ),
        {},
    )
    assert len(view.reasons) == MAX_REASONS
    assert [reason.raises for reason in view.reasons] == [True, False, True, False]
    sizes = [abs(reason.points) for reason in view.reasons]
    assert sizes == sorted(sizes, reverse=True)
    assert view.reasons[0].title == "External scores"
    assert view.reasons[0].lead.label == "External score 1"


def test_points_of_all_rows_lead_from_the_start_to_the_score() -> None:
    view = present_explanation(an_explanation(EXT_SOURCE_1=0.7, AMT_CREDIT=-0.2, DAYS_BIRTH=0.0), {})
    assert view.count == 2  # a feature that moved nothing is not a reason
    assert view.base_probability + sum(theme.points for theme in view.themes) == pytest.approx(view.probability)
    assert all(sum(row.points for row in theme.rows) == pytest.approx(theme.points) for theme in view.themes)


def test_a_theme_that_hardly_moved_the_score_is_not_a_reason() -> None:
    view = present_explanation(an_explanation(EXT_SOURCE_1=1e-4), {})
    assert view.reasons == ()


def test_the_lead_pulls_the_way_of_its_theme() -> None:
    view = present_explanation(an_explanation(EXT_SOURCE_1=-0.3, EXT_SOURCE_2=0.25, EXT_SOURCE_3=0.2), {})
    assert view.reasons[0].raises
    assert view.reasons[0].lead.label == "External score 2"


def test_values_and_medians_are_in_human_units() -> None:
    explanation = an_explanation(EXT_SOURCE_2=0.3, DAYS_EMPLOYED=0.2)
    explanation.values[:] = (0.2629, np.nan)
    population = {name: {"median": value} for name, value in MEDIANS.items()}
    with translation.override("fr"):
        scores, employment = present_explanation(explanation, population).themes
        assert (scores.rows[0].value, scores.rows[0].usual) == ("0,263", "0,570")
        assert (employment.rows[0].value, employment.rows[0].usual) == ("non renseigné", "3\u00a0ans")


def test_a_reason_shows_a_value_that_people_know_rather_than_an_index() -> None:
    view = present_explanation(an_explanation(INCOME_TO_EMPLOYED_RATIO=0.4, DAYS_EMPLOYED=0.1), {})
    assert view.reasons[0].lead.label == "Time in current employment"


def test_a_typical_value_does_not_illustrate_a_reason_if_another_can() -> None:
    explanation = an_explanation(EXT_SOURCE_1=0.4, EXT_SOURCE_2=0.3, EXT_SOURCE_3=0.1)
    explanation.values[:] = (0.5004, 0.2, 0.1)
    population = {"EXT_SOURCE_1": {"median": 0.5}, "EXT_SOURCE_2": {"median": 0.6}, "EXT_SOURCE_3": {"median": 0.6}}
    [reason] = present_explanation(explanation, population).reasons
    assert (reason.lead.label, reason.usual_text) == ("External score 2", formats.decimal(0.6, 3))
    explanation.contributions[:] = (0.4, 0.1, 0.1)
    explanation.points[:] = probability_points(explanation.contributions[np.newaxis], -2.0)[0]
    [reason] = present_explanation(explanation, population).reasons
    assert (reason.lead.label, reason.usual_text) == ("External score 1", "")


def test_columns_of_a_model_trained_elsewhere_go_by_their_name() -> None:
    view = present_explanation(an_explanation(their_column=0.5), {})
    assert view.themes[0].rows[0].label == "their_column"
    assert view.reasons[0].sentence == str(SENTENCES[UNKNOWN_THEME][0])
