"""Each fault of a folder is reported as a code with its place; a valid folder opens as typed tables."""

from pathlib import Path

import polars as pl
import pytest

from credit.ml import columns
from credit.ml.columns import APPLICATION, CLIENT_ID, TARGET
from credit.ml.tables import TableProblem, check_folders, open_folders, read_identities
from tests.builders.home_credit import REAL_FOLDER, needs_real_tables, write_folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_folder(tmp_path / "first")


def _edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def _set(path: Path, column: str, value: str, line: int = 2) -> None:
    """Puts a value into one cell; line 1 is the header."""
    lines = path.read_text(encoding="utf-8").splitlines()
    fields = lines[line - 1].split(",")
    fields[lines[0].split(",").index(column)] = value
    lines[line - 1] = ",".join(fields)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_a_valid_folder_has_no_problem(folder: Path) -> None:
    assert check_folders([folder]) == []


@needs_real_tables
def test_the_real_folders_have_no_problem() -> None:
    assert check_folders([REAL_FOLDER, REAL_FOLDER / "more_applications"]) == []


def test_a_missing_table_is_named(folder: Path) -> None:
    (folder / "bureau.csv").unlink()
    (folder / "POS_CASH_balance.csv").unlink()
    assert check_folders([folder]) == [
        TableProblem("missing_table", "bureau"),
        TableProblem("missing_table", "POS_CASH_balance"),
    ]


def test_one_of_the_two_application_files_is_enough(folder: Path) -> None:
    (folder / "application_train.csv").unlink()
    assert check_folders([folder]) == []
    (folder / "application_test.csv").unlink()
    assert check_folders([folder]) == [TableProblem("missing_table", "application_train")]


def test_further_folders_only_need_applications(folder: Path, tmp_path: Path) -> None:
    more = write_folder(tmp_path / "more", train=(11, 12), test=(13,))
    for schema in columns.SIDE_TABLES:
        (more / f"{schema.name}.csv").unlink()
    assert check_folders([folder, more]) == []
    (more / "application_train.csv").unlink()
    (more / "application_test.csv").unlink()
    assert check_folders([folder, more]) == [TableProblem("missing_table", "more/application_train")]


@pytest.mark.parametrize("content", ["", "SK_ID_BUREAU,MONTHS_BALANCE,STATUS\n"])
def test_an_empty_table_is_named(folder: Path, content: str) -> None:
    (folder / "bureau_balance.csv").write_text(content, encoding="utf-8")
    assert check_folders([folder]) == [TableProblem("empty_table", "bureau_balance")]


@pytest.mark.parametrize(
    ("content", "detail"),
    [
        ("SK_ID_BUREAU,MONTHS_BALANCE,STATUS\n1,-1,é\n".encode("latin-1"), "byte 40"),
        (b"\xef\xbb\xbfSK_ID_BUREAU,MONTHS_BALANCE,STATUS\n1,-1,C\n", "BOM"),
        ("SK_ID_BUREAU,MONTHS_BALANCE,STATUS\n1,-1,C\n".encode("utf-16"), "BOM"),
        (b"SK_ID_BUREAU,MONTHS_BALANCE,STATUS\n1,-1,\0\n", "NUL (byte 40)"),
    ],
)
def test_bytes_that_are_not_plain_utf8_are_reported(folder: Path, content: bytes, detail: str) -> None:
    (folder / "bureau_balance.csv").write_bytes(content)
    assert check_folders([folder]) == [TableProblem("unreadable_encoding", "bureau_balance", None, detail)]


def test_a_truncated_last_character_is_reported(folder: Path) -> None:
    (folder / "bureau_balance.csv").write_bytes(b"SK_ID_BUREAU,MONTHS_BALANCE,STATUS\n1,-1,\xc3")
    assert [problem.code for problem in check_folders([folder])] == ["unreadable_encoding"]


def test_another_separator_is_unreadable(folder: Path) -> None:
    (folder / "bureau_balance.csv").write_text("SK_ID_BUREAU;MONTHS_BALANCE;STATUS\n1;-1;C\n", encoding="utf-8")
    assert check_folders([folder]) == [
        TableProblem("unreadable", "bureau_balance", None, "SK_ID_BUREAU;MONTHS_BALANCE;STATUS", line=1)
    ]


@pytest.mark.parametrize("line", ["2,-1", "2,-1,C,C", '2,-1,"C'])
def test_a_ragged_line_is_unreadable_and_numbered(folder: Path, line: str) -> None:
    text = f"SK_ID_BUREAU,MONTHS_BALANCE,STATUS\n1,-1,C\n{line}\n3,-1,C\n"
    (folder / "bureau_balance.csv").write_text(text, encoding="utf-8")
    (problem,) = check_folders([folder])
    assert (problem.code, problem.table) == ("unreadable", "bureau_balance")
    assert problem.line is not None and problem.line >= 3


def test_missing_and_unknown_columns_are_all_named(folder: Path) -> None:
    _edit(folder / "bureau.csv", "CREDIT_TYPE", "CREDIT_KIND")
    _edit(folder / "application_test.csv", "EXT_SOURCE_1", "EXT_SOURCE_9")
    assert check_folders([folder]) == [
        TableProblem("missing_column", "application_test", "EXT_SOURCE_1"),
        TableProblem("unknown_column", "application_test", "EXT_SOURCE_9"),
        TableProblem("missing_column", "bureau", "CREDIT_TYPE"),
        TableProblem("unknown_column", "bureau", "CREDIT_KIND"),
    ]


def test_columns_in_another_order_are_fine(folder: Path) -> None:
    (folder / "bureau_balance.csv").write_text("STATUS,SK_ID_BUREAU,MONTHS_BALANCE\nC,1,-1\n", encoding="utf-8")
    assert check_folders([folder]) == []
    assert open_folders([folder]).bureau_balance.collect().row(0) == (1, -1, "C")


def test_a_column_named_twice_is_reported(folder: Path) -> None:
    (folder / "bureau_balance.csv").write_text(
        "SK_ID_BUREAU,MONTHS_BALANCE,STATUS,STATUS\n1,-1,C,C\n", encoding="utf-8"
    )
    assert check_folders([folder]) == [TableProblem("unknown_column", "bureau_balance", "STATUS")]


@pytest.mark.parametrize("value", ["abc", "NaN", "inf", "-inf", "1e400", "1e30", str(10**30)])
def test_a_value_that_is_not_an_amount_is_a_wrong_type(folder: Path, value: str) -> None:
    _set(folder / "bureau.csv", "AMT_CREDIT_SUM", value, line=3)
    assert check_folders([folder]) == [TableProblem("wrong_type", "bureau", "AMT_CREDIT_SUM", value, line=3)]


@pytest.mark.parametrize("value", ["abc", "1.5", "NaN", str(10**30), str(2**40)])
def test_a_value_that_is_not_a_whole_number_is_a_wrong_type(folder: Path, value: str) -> None:
    _set(folder / "bureau.csv", "DAYS_CREDIT", value)
    assert check_folders([folder]) == [TableProblem("wrong_type", "bureau", "DAYS_CREDIT", value, line=2)]


@pytest.mark.parametrize("value", ["", "-5", str(10**30)])
def test_a_key_must_be_present_and_positive(folder: Path, value: str) -> None:
    _set(folder / "bureau.csv", CLIENT_ID, value)
    assert check_folders([folder]) == [TableProblem("wrong_type", "bureau", CLIENT_ID, value, line=2)]


@pytest.mark.parametrize("value", ["2", ""])
def test_target_must_be_zero_or_one(folder: Path, value: str) -> None:
    _set(folder / "application_train.csv", TARGET, value)
    (problem,) = check_folders([folder])
    assert (problem.code, problem.table, problem.column) == ("wrong_type", "application_train", TARGET)


def test_several_wrong_columns_of_several_tables_are_all_reported(folder: Path) -> None:
    _set(folder / "bureau.csv", "DAYS_CREDIT", "x")
    _set(folder / "bureau.csv", "AMT_ANNUITY", "y")
    _set(folder / "credit_card_balance.csv", "SK_DPD", "z")
    assert {(problem.code, problem.table, problem.column) for problem in check_folders([folder])} == {
        ("wrong_type", "bureau", "DAYS_CREDIT"),
        ("wrong_type", "bureau", "AMT_ANNUITY"),
        ("wrong_type", "credit_card_balance", "SK_DPD"),
    }


def test_an_unknown_category_is_named_with_its_line(folder: Path) -> None:
    _set(folder / "application_train.csv", "OCCUPATION_TYPE", "Wizard", line=3)
    assert check_folders([folder]) == [
        TableProblem("unknown_category", "application_train", "OCCUPATION_TYPE", "Wizard", line=3)
    ]


def test_a_client_who_applies_twice_is_reported(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "first", train=(1, 1, 2), test=(2, 3))
    more = write_folder(tmp_path / "more", train=(3, 4), test=(5,))
    assert check_folders([folder, more]) == [
        TableProblem("duplicate_id", "application_train", CLIENT_ID, "1"),
        TableProblem("duplicate_id", "application_test", CLIENT_ID, "2"),
        TableProblem("duplicate_id", "more/application_train", CLIENT_ID, "3"),
    ]


def test_commas_inside_quotes_do_not_separate_fields(folder: Path) -> None:
    _set(folder / "application_train.csv", "WALLSMATERIAL_MODE", '"Stone, brick"')
    assert check_folders([folder]) == []


def test_every_column_is_typed_and_test_applications_have_no_target(folder: Path) -> None:
    tables = open_folders([folder])
    application = tables.application.collect()
    assert application.schema == {CLIENT_ID: pl.Int64, TARGET: pl.Int8, **APPLICATION.columns}
    assert application.sort(CLIENT_ID)[TARGET].to_list() == [1, 0, None]
    assert tables.bureau.collect_schema() == columns.BUREAU.columns
    assert tables.installments_payments.collect_schema() == columns.INSTALLMENTS_PAYMENTS.columns


def test_tables_of_all_folders_are_read_together(folder: Path, tmp_path: Path) -> None:
    more = write_folder(tmp_path / "more", train=(11,), test=(12,))
    tables = open_folders([folder, more])
    assert tables.application.collect()[CLIENT_ID].sort().to_list() == [1, 2, 3, 11, 12]
    assert tables.bureau.collect().height == 5


def test_identities_are_trimmed_and_may_be_absent(folder: Path) -> None:
    assert read_identities([folder]).height == 0
    text = "SK_ID_CURR,FIRST_NAME,LAST_NAME,AGENCY\n1, Zoé ,NA,007\n2,,null, Lyon\n"
    (folder / "identities.csv").write_text(text, encoding="utf-8")
    assert check_folders([folder]) == []
    assert read_identities([folder]).rows() == [(1, "Zoé", "NA", "007"), (2, None, "null", "Lyon")]


def test_a_wrong_identity_file_is_reported_too(folder: Path) -> None:
    (folder / "identities.csv").write_text("SK_ID_CURR,FIRST_NAME,LAST_NAME,TOWN\nx,a,b,c\n", encoding="utf-8")
    assert check_folders([folder]) == [
        TableProblem("missing_column", "identities", "AGENCY"),
        TableProblem("unknown_column", "identities", "TOWN"),
    ]
