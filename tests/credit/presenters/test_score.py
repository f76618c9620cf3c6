import pytest
from django.utils import translation

from credit.ml.advice import Advice, Zone
from credit.models import ThresholdPolicy
from credit.presenters.score import distance_in_words, present_score


def a_policy(threshold: float = 0.1) -> ThresholdPolicy:
    return ThresholdPolicy(threshold=threshold, grey_low=0.9 * threshold, grey_high=1.1 * threshold)


@pytest.mark.parametrize(
    ("probability", "words"),
    [
        (0.08, "2.0 points below the threshold of 10.0%"),
        (0.03, "7.0 points below the threshold of 10.0%: far below it"),
        (0.1, "Just above the threshold of 10.0%"),
        (0.0996, "Just below the threshold of 10.0%"),
        (0.1006, "0.1 points above the threshold of 10.0%"),
        (0.25, "15.0 points above the threshold of 10.0%: far above it"),
    ],
)
def test_the_distance_in_words(probability: float, words: str) -> None:
    with translation.override("en"):
        assert distance_in_words(probability, Zone(0.1, 0.09, 0.11)) == words


def test_the_advice_follows_the_threshold_of_the_policy() -> None:
    assert present_score(0.2, a_policy(0.1)).advice is Advice.REFUSED
    assert present_score(0.2, a_policy(0.3)).advice is Advice.GRANTED
    assert present_score(0.2, a_policy(0.2)).advice is Advice.REVIEW


def test_the_grey_zone_says_on_which_side_the_score_is() -> None:
    with translation.override("en"):
        assert "just above" in present_score(0.105, a_policy()).sentence
        assert "just below" in present_score(0.095, a_policy()).sentence
