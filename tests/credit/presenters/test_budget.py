"""The loan's share of a household's budget."""

import pytest

from credit.presenters.budget import present_budget


@pytest.mark.parametrize(("instalment", "is_heavy"), [(1_000.0, False), (1_050.0, False), (1_051.0, True)])
def test_an_instalment_above_the_line_is_marked(instalment: float, is_heavy: bool, settings) -> None:
    settings.EFFORT_RATE_LIMIT = 0.35
    ratio, left = present_budget(instalment, 3_000.0, 400.0)
    assert bool(ratio.warning) is is_heavy
    assert not left.warning
