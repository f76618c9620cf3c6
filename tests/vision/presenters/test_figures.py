"""Durations, sizes and p-values as pages write them."""

import pytest
from django.utils import translation

from vision.presenters.figures import duration, interval, megabytes, millions, p_value


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0.0 s"), (0.04, "< 0.1 s"), (0.42, "0.4 s"), (38.2, "38 s"), (59.6, "1 min 0 s"), (252, "4 min 12 s")],
)
def test_a_duration_is_as_precise_as_it_is_long(seconds: float, text: str) -> None:
    assert duration(seconds) == text


@pytest.mark.parametrize(
    ("p", "text"), [(0.0, "< 0.001"), (0.0009, "< 0.001"), (0.001, "= 0.001"), (0.0421, "= 0.042")]
)
def test_a_small_p_is_only_bounded(p: float, text: str) -> None:
    assert p_value(p) == text


@pytest.mark.parametrize(("count", "text"), [(133_383, "0.13 M"), (1_235_496, "1.2 M"), (138_357_544, "138.4 M")])
def test_parameters_are_counted_in_millions(count: int, text: str) -> None:
    assert millions(count) == text


def test_figures_follow_the_readers_language() -> None:
    with translation.override("fr"):
        assert (megabytes(2**30), duration(0.42)) == ("1\u202f074 Mo", "0,4 s")
        assert interval("70,1 %", "82,9 %") == "70,1 % à 82,9 %"
