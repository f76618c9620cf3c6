"""The summary of a population against numpy's own quantiles."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit.ml.population import population_summary

FLOATS = st.floats(width=32, min_value=-1e6, max_value=1e6) | st.just(float("nan")) | st.just(float("inf"))


@given(st.lists(FLOATS, min_size=1, max_size=60))
def test_quantiles_mean_and_blanks_are_those_of_numpy(values: list[float]) -> None:
    column = np.array(values, np.float32)

    summary = population_summary(pl.DataFrame({"X": column}))["X"]

    present = column[np.isfinite(column)].astype(np.float64)
    assert summary["missing"] == pytest.approx(1 - len(present) / len(column))
    if not len(present):
        assert summary["median"] is summary["p10"] is summary["p90"] is summary["mean"] is None
        return
    expected = np.quantile(present, [0.1, 0.5, 0.9])
    np.testing.assert_allclose([summary["p10"], summary["median"], summary["p90"]], expected, rtol=1e-12, atol=1e-9)
    assert summary["mean"] == pytest.approx(present.mean(), rel=1e-9, abs=1e-9)


def test_a_null_counts_as_a_blank() -> None:
    summary = population_summary(pl.DataFrame({"X": [1.0, None, 3.0, None]}))["X"]

    assert (summary["median"], summary["missing"]) == (2.0, 0.5)


def test_the_frame_is_left_as_it_was() -> None:
    frame = pl.DataFrame({"X": [3.0, 1.0, 2.0]})

    population_summary(frame)

    assert frame["X"].to_list() == [3.0, 1.0, 2.0]


def test_no_rows_cannot_be_summarised() -> None:
    with pytest.raises(ValueError, match="no row"):
        population_summary(pl.DataFrame({"X": []}, schema={"X": pl.Float32}))
