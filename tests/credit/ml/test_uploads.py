import math

import polars as pl
import pytest

from credit.ml.application import encode
from credit.ml.columns import CLIENT_ID
from credit.ml.inputs import to_vector
from credit.ml.uploads import MOST_ROWS, read_upload
from tests.builders.simulations import Material

HEADER = "SK_ID_CURR,FIRST_NAME,LAST_NAME,AMT_CREDIT,NAME_HOUSING_TYPE,CNT_CHILDREN"


def faults(content: str | bytes) -> list[tuple[str, int, str]]:
    upload = read_upload(content.encode() if isinstance(content, str) else content)
    return [(problem.code, problem.line, problem.column) for problem in upload.problems]


def test_a_written_table_is_read_back_unchanged(material: Material) -> None:
    upload = read_upload(material.applications.write_csv().encode())
    assert not upload.problems
    for row, encoded in zip(upload.rows, encode(material.applications), strict=True):
        vector = to_vector(row.application)
        assert ((vector == encoded) | (pl.Series(vector).is_nan() & pl.Series(encoded).is_nan()).to_numpy()).all()
    assert [row.client_id for row in upload.rows] == material.applications[CLIENT_ID].to_list()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";"])
def test_encodings_and_separators_of_spreadsheets_are_recognized(encoding: str, separator: str) -> None:
    lines = f"{HEADER}\r\n007,Zoé,Null,100000.5,With parents,2\r\n".replace(",", separator)
    row = read_upload(lines.encode(encoding)).rows[0]
    assert (row.client_id, row.first_name, row.last_name) == (7, "Zoé", "Null")
    assert row.application["AMT_CREDIT"] == 100000.5
    assert row.application["NAME_HOUSING_TYPE"] == "With parents"
    assert row.application["CNT_CHILDREN"] == 2


def test_with_semicolons_the_comma_is_the_decimal_sign() -> None:
    assert read_upload(b"AMT_CREDIT;AMT_ANNUITY\n1000,5;\n").rows[0].application["AMT_CREDIT"] == 1000.5


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("line_end", ["\r", "\n", "\r\n"])
def test_any_encoding_line_end_and_number_that_spreadsheets_write_is_read(encoding: str, line_end: str) -> None:
    lines = ["SK_ID_CURR\tLAST_NAME\tAMT_CREDIT\tNAME_HOUSING_TYPE\tCNT_CHILDREN\tTARGET\t"]
    lines += ["7.0\tÉric\t1 234\u00a0567,5\t with  PARENTS \t2,0\t1.0\t", "\t\t\t\t\t\t", ""]
    (row,) = read_upload(line_end.join(lines).encode(encoding)).rows
    assert (row.client_id, row.last_name, row.target) == (7, "Éric", 1)
    assert row.application["AMT_CREDIT"] == 1234567.5
    assert row.application["NAME_HOUSING_TYPE"] == "With parents"
    assert row.application["CNT_CHILDREN"] == 2


@pytest.mark.parametrize("text", ["100.000", "1.000.000", "100,000", "-5.000"])
@pytest.mark.parametrize("column", ["AMT_CREDIT", "AMT_ANNUITY", "DAYS_EMPLOYED"])
def test_a_number_that_may_have_thousands_is_questioned_in_a_file_with_semicolons(text: str, column: str) -> None:
    row = {"LAST_NAME": "Roy", "AMT_CREDIT": "1", column: text}
    assert faults(";".join(row) + "\n" + ";".join(row.values())) == [("ambiguous_number", 2, column)]


@pytest.mark.parametrize("digits", [22, 400, 4_300, 5_000, 100_000])
def test_a_number_that_is_too_long_says_so(digits: int) -> None:
    long = "9" * digits
    assert faults(f"SK_ID_CURR,AMT_CREDIT\n{long},1\n") == [("large_id", 2, "SK_ID_CURR")]
    assert faults(f"TARGET,AMT_CREDIT\n{long},1\n") == [("wrong_target", 2, "TARGET")]
    code = "long_number" if digits > 40 else "out_of_bounds"
    assert faults(f"CNT_CHILDREN,AMT_CREDIT\n1,{long}\n") == [(code, 2, "AMT_CREDIT")]


@pytest.mark.parametrize(("number", "is_read"), [(2**53, True), (2**53 + 1, False), (2**62, False), (0, False)])
def test_numbers_end_where_floats_are_no_longer_exact(number: int, is_read: bool) -> None:
    assert bool(read_upload(f"SK_ID_CURR,AMT_CREDIT\n{number},1\n".encode()).rows[0].client_id) is is_read


def test_an_unnamed_column_is_reported_unless_it_is_blank() -> None:
    assert faults(",AMT_CREDIT\n0,5\n") == [("unnamed_column", 1, "")]
    assert faults("AMT_CREDIT;;\n5;;\n") == []


def test_blanks_and_missing_columns_stay_missing() -> None:
    row = read_upload(b"AMT_CREDIT,OCCUPATION_TYPE,AMT_ANNUITY\n1000,,\n").rows[0]
    assert math.isnan(row.application["AMT_ANNUITY"])
    assert row.application["OCCUPATION_TYPE"] is None
    assert row.client_id is row.target is None


def test_every_fault_is_reported_with_its_line_and_column() -> None:
    content = f"""{HEADER}
1,a,b,inf,With parents,0
2,a,b,100,Castle,1.5

3,a,b,100
3,a,b,-5,With parents,x
x,a,b,1e999,With parents,0
3,a,b,100,With parents,0
3,{"n" * 81},b,nan,With parents,0
"""
    assert faults(content) == [
        ("not_finite", 2, "AMT_CREDIT"),
        ("not_whole", 3, "CNT_CHILDREN"),
        ("unknown_level", 3, "NAME_HOUSING_TYPE"),
        ("ragged", 5, ""),
        ("not_a_number", 6, "CNT_CHILDREN"),
        ("out_of_bounds", 6, "AMT_CREDIT"),
        ("not_finite", 7, "AMT_CREDIT"),
        ("wrong_id", 7, "SK_ID_CURR"),
        ("double_id", 8, "SK_ID_CURR"),
        ("long_name", 9, "FIRST_NAME"),
        ("not_finite", 9, "AMT_CREDIT"),
        ("double_id", 9, "SK_ID_CURR"),
    ]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", ("no_rows", 0, "")),
        (b"AMT_CREDIT\n", ("no_rows", 0, "")),
        (b"AMT_CREDIT,WHAT\n1,2\n", ("unknown_column", 1, "WHAT")),
        (b"AMT_CREDIT,AMT_CREDIT\n1,2\n", ("double_column", 1, "AMT_CREDIT")),
        (b"AMT_ANNUITY\n1\n", ("no_column", 1, "AMT_CREDIT")),
        (b"PK\x03\x04\0\0", ("not_text", 1, "")),
        (b"AMT_CREDIT,TARGET\n1,2\n", ("wrong_target", 2, "TARGET")),
        (b"AMT_CREDIT\n" + b"1\n" * (MOST_ROWS + 1), ("too_many_rows", MOST_ROWS + 2, "")),
        (b'AMT_CREDIT\n"' + b"1" * 200_000 + b'"\n', ("broken_quotes", 2, "")),
    ],
)
def test_a_file_that_is_not_a_table_of_applications_is_refused(content: bytes, fault: tuple[str, int, str]) -> None:
    assert faults(content) == [fault]


@pytest.mark.parametrize("number", ["-1", "0", "1e5", "0x10", "٣", "1_000", "１２"])
def test_what_no_client_number_looks_like_is_a_fault_of_its_line(number: str) -> None:
    assert faults(f"SK_ID_CURR,AMT_CREDIT\n{number},1000\n") == [("wrong_id", 2, "SK_ID_CURR")]


@pytest.mark.parametrize(
    ("number", "code"),
    [("1_000", "not_a_number"), ("１２", "not_a_number"), ("9" * 39, "out_of_bounds"), ("1e400", "not_finite")],
)
def test_a_number_that_only_python_reads_is_a_fault(number: str, code: str) -> None:
    assert faults(f"AMT_CREDIT\n{number}\n") == [(code, 2, "AMT_CREDIT")]
