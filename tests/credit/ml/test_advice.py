"""The rule itself at its edges; ``tests/credit/selectors/test_advice.py`` holds its three forms together."""

import numpy as np
import pytest

from credit.ml.advice import Advice, Zone


@pytest.mark.parametrize(
    ("probability", "advice"),
    [(0.0, "granted"), (0.0799, "granted"), (0.08, "review"), (0.09, "review"), (0.1, "refused"), (1.0, "refused")],
)
def test_review_is_advised_from_the_lower_edge_up_to_the_upper_one(probability, advice):
    assert Zone(0.09, 0.08, 0.1).advice(probability) == advice


def test_without_a_grey_zone_the_threshold_alone_counts():
    zone = Zone(0.09, 0.09, 0.09)
    assert zone.advice(0.0899) is Advice.GRANTED
    assert zone.advice(0.09) is Advice.REFUSED


@pytest.mark.parametrize("zone", [(0.09, 0.1, 0.2), (0.3, 0.1, 0.2), (0.5, -0.1, 0.6), (0.5, 0.4, 1.1)])
def test_a_zone_lies_in_0_1_and_holds_its_threshold(zone):
    with pytest.raises(ValueError, match="must hold the threshold"):
        Zone(*zone)


def test_a_missing_probability_has_no_code():
    assert Zone(0.5, 0.4, 0.6).advice_codes(np.array([np.nan, 0.1])).tolist() == [-1, 0]


def test_the_distance_is_signed():
    zone = Zone(0.5, 0.4, 0.6)
    assert [zone.distance(probability) for probability in (0.25, 0.5, 0.75)] == [-0.25, 0.0, 0.25]
