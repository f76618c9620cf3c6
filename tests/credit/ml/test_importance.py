import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credit.ml.importance import GROUPS, ImportanceSums
from tests.credit.ml.models import NAMES, clients

EDGES = np.tile([-1.0, 0.0, 1.0], (len(NAMES), 1))
MATRIX, _ = clients(500, seed=1)
CONTRIBUTIONS = np.random.default_rng(2).normal(size=MATRIX.shape)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 500), max_size=4))
def test_sums_of_chunks_with_a_stop_between_them_are_those_of_the_whole(cuts):
    whole, sums = ImportanceSums.empty(len(NAMES)), ImportanceSums.empty(len(NAMES))
    whole.add(CONTRIBUTIONS, MATRIX, EDGES)
    edges = [0, *sorted(cuts), 500]
    for start, end in zip(edges, edges[1:], strict=False):
        sums.add(CONTRIBUTIONS[start:end], MATRIX[start:end], EDGES)
        sums = ImportanceSums.from_state(json.loads(json.dumps(sums.state())))
    assert sums.clients == 500
    np.testing.assert_allclose(sums.absolute, whole.absolute)
    np.testing.assert_allclose(sums.signed, whole.signed, atol=1e-12)
    np.testing.assert_array_equal(sums.counts, whole.counts)


def test_the_summary_is_the_mean_of_each_group_of_values():
    sums = ImportanceSums.empty(len(NAMES))
    sums.add(CONTRIBUTIONS, MATRIX, EDGES)
    summary = sums.summary(NAMES)
    assert summary["mean_absolute"]["DAYS_BIRTH"] == pytest.approx(np.abs(CONTRIBUTIONS[:, 1]).mean())
    groups = summary["groups"]["DAYS_BIRTH"]
    blank = np.isnan(MATRIX[:, 1])
    assert groups["blank"]["mean"] == pytest.approx(CONTRIBUTIONS[blank, 1].mean())
    highest = MATRIX[:, 1] >= 1
    assert groups["highest"]["mean"] == pytest.approx(CONTRIBUTIONS[highest, 1].mean())
    assert sum(groups[name]["share"] for name in GROUPS) == pytest.approx(1)
