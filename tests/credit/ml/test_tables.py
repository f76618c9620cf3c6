"""Each fault of a folder is reported as a code with its place; a valid folder opens as typed tables."""

from pathlib import Path

import polars as pl
import pytest

from credit.ml import columns
from credit.ml.columns import APPLICATION, CLIENT_ID, TARGET
from credit.ml.tables import TableProblem, inspect_folders, read_identities
from tests.builders.home_credit import REAL_FOLDER, check_folders, needs_real_tables, open_folders, write_folder


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


def test_a_table_without_even_a_header_is_a_problem(folder: Path) -> None:
    (folder / "bureau_balance.csv").write_text("", encoding="utf-8")
    assert check_folders([folder]) == [TableProblem("empty_table", "bureau_balance")]


def test_applications_must_have_rows(folder: Path) -> None:
    for name in ("application_train", "application_test"):
        path = folder / f"{name}.csv"
        path.write_text(path.read_text().splitlines()[0] + "\n")
    assert check_folders([folder]) == [TableProblem("empty_table", "application_train")]


@pytest.mark.parametrize(
    ("content", "code", "line"),
    [
        (b"SK_ID_BUREAU,MONTHS_BALANCE,STATUS\n1,-1,\0\n", "not_text", 2),
        (b"PK\x03\x04\0\0", "not_text", 1),
        ("SK_ID_BUREAU,MONTHS_BALANCE,STATUS\n1,-1,é\n2,-1,é\n3,-1,".encode() + b"\xe9\n", "damaged_utf8", 4),
        (b'SK_ID_BUREAU,MONTHS_BALANCE,STATUS\n1,-1,C\n2,-1,"C\n3,-1,C\n', "broken_quotes", 3),
    ],
)
def test_bytes_that_are_not_delimited_text_are_reported(folder: Path, content: bytes, code: str, line: int) -> None:
    (folder / "bureau_balance.csv").write_bytes(content)
    assert check_folders([folder]) == [TableProblem(code, "bureau_balance", line=line)]


def test_an_unknown_separator_is_unreadable(folder: Path) -> None:
    (folder / "bureau_balance.csv").write_text("SK_ID_BUREAU^MONTHS_BALANCE^STATUS\n1^-1^C\n", encoding="utf-8")
    assert check_folders([folder]) == [
        TableProblem("unreadable", "bureau_balance", None, "SK_ID_BUREAU^MONTHS_BALANCE^STATUS", line=1)
    ]


@pytest.mark.parametrize("line", ["2,-1", "2,-1,C,C", "2", '"2,-1,C"'])
def test_a_ragged_line_is_unreadable_and_numbered(folder: Path, line: str) -> None:
    text = f"SK_ID_BUREAU,MONTHS_BALANCE,STATUS\n1,-1,C\n{line}\n3,-1,C\n"
    (folder / "bureau_balance.csv").write_text(text, encoding="utf-8")
    (problem,) = check_folders([folder])
    assert (problem.code, problem.table, problem.line) == ("unreadable", "bureau_balance", 3)


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


@pytest.mark.parametrize("value", ["abc", "NaN", "inf", "-inf", "1e400", "1,5"])
def test_a_value_that_is_not_an_amount_is_a_wrong_type(folder: Path, value: str) -> None:
    _set(folder / "bureau.csv", "AMT_CREDIT_SUM", f'"{value}"', line=3)
    assert check_folders([folder]) == [TableProblem("wrong_type", "bureau", "AMT_CREDIT_SUM", value, line=3)]


@pytest.mark.parametrize("value", ["abc", "1.5", "NaN", "1e2"])
def test_a_value_that_is_not_a_whole_number_is_a_wrong_type(folder: Path, value: str) -> None:
    _set(folder / "bureau.csv", "DAYS_CREDIT", value)
    assert check_folders([folder]) == [TableProblem("wrong_type", "bureau", "DAYS_CREDIT", value, line=2)]


@pytest.mark.parametrize(
    ("table", "column", "value", "allowed"),
    [
        ("bureau", "AMT_CREDIT_SUM", "1e30", (-1e12, 1e12)),
        ("bureau", "DAYS_CREDIT", str(2**40), (-(2**31), 2**31 - 1)),
        ("bureau", "DAYS_CREDIT", str(10**30), (-(2**31), 2**31 - 1)),
        ("bureau", CLIENT_ID, "-5", (1, 2**53)),
        ("bureau", "SK_ID_BUREAU", str(2**53 + 1), (0, 2**53)),
        ("installments_payments", "SK_ID_PREV", str(2**63 - 1), (0, 2**53)),
        ("application_test", CLIENT_ID, str(10**30), (1, 2**53)),
        ("application_train", TARGET, "2", (0, 1)),
        ("application_train", "AMT_INCOME_TOTAL", "-5", (0, 1e12)),
        ("application_test", "DAYS_BIRTH", "14000", (-44_000, -5_500)),
        ("application_test", "CNT_CHILDREN", "51.0", (0, 50)),
        ("application_train", "DAYS_REGISTRATION", "365243", (-44_000, 0)),
        ("application_train", "EXT_SOURCE_2", "1.01", (0, 1)),
    ],
)
def test_a_number_outside_its_range_is_reported_with_it(
    folder: Path, table: str, column: str, value: str, allowed: tuple[float, float]
) -> None:
    _set(folder / f"{table}.csv", column, value)
    assert check_folders([folder]) == [TableProblem("out_of_range", table, column, value, line=2, allowed=allowed)]


def test_the_days_of_people_without_employment_are_in_range(folder: Path) -> None:
    _set(folder / "application_train.csv", "DAYS_EMPLOYED", "365243")
    assert check_folders([folder]) == []


def test_a_key_must_be_present(folder: Path) -> None:
    _set(folder / "bureau.csv", CLIENT_ID, "")
    assert check_folders([folder]) == [TableProblem("wrong_type", "bureau", CLIENT_ID, "", line=2)]


def test_the_largest_id_is_read_exactly(folder: Path) -> None:
    _set(folder / "application_test.csv", CLIENT_ID, str(2**53 - 1) + ".0")
    assert open_folders([folder]).application.collect()[CLIENT_ID].max() == 2**53 - 1


def test_a_blank_target_is_an_unknown_outcome(folder: Path) -> None:
    _set(folder / "application_train.csv", TARGET, "")
    assert open_folders([folder]).application.collect().sort(CLIENT_ID)[TARGET].to_list() == [None, 0, None]


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
        TableProblem("duplicate_id", "application_train", CLIENT_ID, "1", count=1),
        TableProblem("duplicate_id", "application_test", CLIENT_ID, "2", count=1),
        TableProblem("duplicate_id", "more/application_train", CLIENT_ID, "3", count=1),
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
    assert read_identities(inspect_folders([folder], folder)).height == 0
    text = "SK_ID_CURR,FIRST_NAME,LAST_NAME,AGENCY\n1, Zoé ,NA,007\n2,,null, Lyon\n"
    (folder / "identities.csv").write_text(text, encoding="utf-8")
    inspection = inspect_folders([folder], folder)
    assert inspection.problems == []
    assert read_identities(inspection).rows() == [(1, "Zoé", "NA", "007"), (2, None, "null", "Lyon")]


def test_a_wrong_identity_file_is_reported_too(folder: Path) -> None:
    (folder / "identities.csv").write_text("SK_ID_CURR,FIRST_NAME,LAST_NAME,TOWN\nx,a,b,c\n", encoding="utf-8")
    assert check_folders([folder]) == [
        TableProblem("missing_column", "identities", "AGENCY"),
        TableProblem("unknown_column", "identities", "TOWN"),
    ]
