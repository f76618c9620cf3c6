"""The codec of raw applications loses nothing."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from credit.ml.application import COLUMNS, decode, decode_one, encode
from credit.ml.columns import APPLICATION, CATEGORIES, CLIENT_ID


@st.composite
def applications(draw: st.DrawFn) -> pl.DataFrame:
    """Zero to three applications whose numbers and levels come from small drawn pools, blanks among them."""
    size = draw(st.integers(0, 3))
    whole = draw(st.lists(st.none() | st.just(365243) | st.integers(-(2**53), 2**53), min_size=1, max_size=7))
    real = draw(st.lists(st.none() | st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=7))
    start = draw(st.integers(0, 100))

    def pool(name: str) -> list[object]:
        if name in CATEGORIES:
            return [*CATEGORIES[name], None]
        return list(whole if APPLICATION.columns[name] == pl.Int64 else real)

    rows = {
        name: [(values := pool(name))[(start + row + position) % len(values)] for row in range(size)]
        for position, name in enumerate(COLUMNS)
    }
    ids = draw(st.lists(st.integers(1, 2**62), min_size=size, max_size=size, unique=True))
    return pl.DataFrame({CLIENT_ID: ids, **rows}, schema=APPLICATION.columns)


@settings(deadline=None)
@given(applications())
def test_decode_returns_what_encode_was_given(frame: pl.DataFrame) -> None:
    matrix = encode(frame)
    assert matrix.shape == (frame.height, 120)
    assert matrix.dtype == np.float64
    assert_frame_equal(decode(matrix, frame[CLIENT_ID].to_numpy()), frame, check_exact=True)


@settings(deadline=None)
@given(applications())
def test_decoding_one_gives_the_row_of_decoding_all(frame: pl.DataFrame) -> None:
    for vector, row in zip(encode(frame), frame.iter_rows(named=True), strict=True):
        decoded = decode_one(vector, row[CLIENT_ID])
        assert decoded == row
        assert [type(value) for value in decoded.values()] == [type(value) for value in row.values()]


def test_xna_and_the_sentinel_survive() -> None:
    frame = pl.DataFrame(
        {CLIENT_ID: [1], "CODE_GENDER": ["XNA"], "ORGANIZATION_TYPE": ["XNA"], "DAYS_EMPLOYED": [365243]}
    )
    missing = [
        pl.lit(None, kind).alias(name) for name, kind in APPLICATION.columns.items() if name not in frame.columns
    ]
    frame = frame.with_columns(missing).select(list(APPLICATION.columns))
    assert_frame_equal(decode(encode(frame), [1]), frame, check_exact=True)


def test_an_unknown_level_is_refused_by_name() -> None:
    frame = pl.DataFrame(schema=APPLICATION.columns).clear(1).with_columns(pl.lit("Wizard").alias("OCCUPATION_TYPE"))
    with pytest.raises(ValueError, match="OCCUPATION_TYPE: unknown level 'Wizard'"):
        encode(frame)


def test_a_whole_number_that_float64_cannot_hold_is_refused() -> None:
    frame = pl.DataFrame(schema=APPLICATION.columns).clear(1).with_columns(pl.lit(2**53 + 1).alias("CNT_CHILDREN"))
    with pytest.raises(ValueError, match="CNT_CHILDREN"):
        encode(frame)
