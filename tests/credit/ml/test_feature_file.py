"""Features that come with a model: the numbers of the file to the last bit, and each fault with its line."""

import struct
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credit.ml.feature_file import InvalidFeatureFile, read_feature_file

HEADER = "SK_ID_CURR,a,b\n"


def written(folder: Path, content: str | bytes, name: str = "f.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def refusal(path: Path, names: tuple[str, ...] = ("a", "b")) -> InvalidFeatureFile:
    with pytest.raises(InvalidFeatureFile) as refused:
        read_feature_file(path, names)
    return refused.value


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=20), st.sampled_from([17, 25]))
def test_every_float_reads_back_to_the_last_bit(tmp_path_factory, numbers: list[float], digits: int) -> None:
    folder = tmp_path_factory.mktemp("floats")
    rows = [f"{index},{number!r},{number:.{digits}g}" for index, number in enumerate(numbers)]
    file = read_feature_file(written(folder, HEADER + "\n".join(rows)), ("a", "b"))
    expected = struct.pack(f"{len(numbers)}d", *numbers)
    assert file.matrix[:, 0].tobytes() == file.matrix[:, 1].tobytes() == expected


def test_columns_come_in_the_order_of_the_model_and_the_others_are_named(tmp_path: Path) -> None:
    path = written(tmp_path, "b,x,SK_ID_CURR,a\n2,text,7,1\n,é,8,3\n")
    file = read_feature_file(path, ("a", "b"))
    assert file.client_ids.tolist() == [7, 8]
    assert file.client_ids.dtype == np.int64
    assert file.matrix.dtype == np.float64
    assert np.array_equal(file.matrix, [[1, 2], [3, np.nan]], equal_nan=True)
    assert file.ignored == ("x",)


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbfSK_ID_CURR,a,b\n7,1,2\n",
        b"SK_ID_CURR;a;b\r\n7;1;2\r\n",
        b'"SK_ID_CURR","a","b"\n"7","1"," 2 "\n',
        b"SK_ID_CURR,a,b\n007,True,+2.0",
        b"SK_ID_CURR,a,b\r7.0,1,2\r\r,,\r",
        b'\n,SK_ID_CURR,a,b,note\n0,7,1,2,"two\nlines"\n\n',
        "SK_ID_CURR;a;b;note\r\n7;1,0;2,00;é\r\n;;;\r\n".encode("utf-16"),
        b"sep=;\nSK_ID_CURR;a;b\n7;1;2",
        "SK_ID_CURR,a,b,prénom\n7,1e0,2,Zoé\n".encode("cp1252"),
    ],
)
def test_the_same_file_may_be_written_in_several_ways(tmp_path: Path, content: bytes) -> None:
    file = read_feature_file(written(tmp_path, content), ("a", "b"))
    assert file.client_ids.tolist() == [7]
    assert file.matrix.tolist() == [[1, 2]]


def test_blanks_are_nan(tmp_path: Path) -> None:
    file = read_feature_file(written(tmp_path, HEADER + '1,,NaN\n2," ",""\n'), ("a", "b"))
    assert np.isnan(file.matrix).all()


def test_a_large_id_is_not_rounded(tmp_path: Path) -> None:
    large = 2**53 - 1
    assert read_feature_file(written(tmp_path, HEADER + f"{large},1,2\n"), ("a",)).client_ids.tolist() == [large]


def test_a_name_with_spaces_matches_lightgbms_underscores(tmp_path: Path) -> None:
    path = written(tmp_path, "SK_ID_CURR,my score\n1,2\n")
    assert read_feature_file(path, ("my_score",)).matrix.tolist() == [[2]]


def test_rows_keep_their_order_across_batches(tmp_path: Path) -> None:
    count = 25_000
    frame = pl.DataFrame({"SK_ID_CURR": np.arange(count)[::-1], "a": np.arange(count) / 7})
    frame.write_csv(tmp_path / "f.csv")
    file = read_feature_file(tmp_path / "f.csv", ("a",))
    assert np.array_equal(file.matrix[:, 0], np.arange(count) / 7)
    assert np.array_equal(file.client_ids, np.arange(count)[::-1])


def test_parquet_columns_of_any_number_type_are_read(tmp_path: Path) -> None:
    path = tmp_path / "f.parquet"
    columns = {
        "SK_ID_CURR": pl.Series([3, 1], dtype=pl.UInt32),
        "a": [True, None],
        "b": pl.Series([0.1, 2], dtype=pl.Float32),
    }
    pl.DataFrame(columns).write_parquet(path)
    file = read_feature_file(path, ("b", "a"))
    assert np.array_equal(file.matrix, [[float(np.float32(0.1)), 1], [2, np.nan]], equal_nan=True)


@pytest.mark.parametrize(
    ("rows", "code", "line"),
    [
        ("1,2,3\n4,5\n", "ragged", 3),
        ("1,2,3\n4,5,6,7\n", "ragged", 3),
        ("1,2,3\n\n4,5\n", "ragged", 4),
        ('1,2,"3\n\n"\n4,5\n', "ragged", 5),
        ('1,2,3\n4,"5,6\n', "broken_quotes", 3),
        ('1,2,3\n4,"5,5",6,7\n', "ragged", 3),
        ("1,2,3\n4,five,6\n", "not_a_number", 3),
        ("1,2,3\n4,1_0,6\n", "not_a_number", 3),
        ("1,2,3\n4,5,-inf\n", "infinite", 3),
        ("1,2,3\n4,1e999,6\n", "infinite", 3),
        ("1,2,3\n4.5,5,6\n", "bad_id", 3),
        ("1,2,3\n\n9007199254740993,5,6\n", "large_id", 4),
        ("1,2,3\n" + "9" * 5000 + ",5,6\n", "large_id", 3),
        ("1,2,3\n,5,6\n", "bad_id", 3),
        ("1,2,3\n-4,5,6\n", "bad_id", 3),
        ("1,2,3\n01,5,6\n", "duplicate_id", 3),
        ("", "empty", 0),
    ],
)
def test_a_fault_is_reported_with_its_line(tmp_path: Path, rows: str, code: str, line: int) -> None:
    refused = refusal(written(tmp_path, HEADER + rows))
    assert (refused.code, refused.line) == (code, line)


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        ("SK_ID_CURR,a,a,b\n1,2,3,4\n", "f.csv", "duplicate_column"),
        ("SK_ID_CURR,a\n1,2\n", "f.csv", "missing_columns"),
        ("id,a,b\n1,2,3\n", "f.csv", "missing_id"),
        ("", "f.csv", "empty"),
        ("x", "f.xlsx", "unknown_type"),
        ("not parquet", "f.parquet", "unreadable"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(tmp_path: Path, content: str, name: str, code: str) -> None:
    assert refusal(written(tmp_path, content, name)).code == code


@pytest.mark.parametrize("values", [["x"], [pl.Series([1]).cast(pl.Date)[0]]])
def test_a_parquet_column_that_is_not_a_number_is_named(tmp_path: Path, values: list[object]) -> None:
    path = tmp_path / "f.parquet"
    pl.DataFrame({"SK_ID_CURR": [1], "a": values, "b": [1.0]}).write_parquet(path)
    refused = refusal(path)
    assert (refused.code, refused.column) == ("not_a_number", "a")


def test_a_parquet_id_that_is_not_a_whole_number_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "f.parquet"
    pl.DataFrame({"SK_ID_CURR": [1.0], "a": [1.0], "b": [1.0]}).write_parquet(path)
    assert refusal(path).code == "bad_id"
