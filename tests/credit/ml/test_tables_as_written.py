"""A folder reads the same however its files are written; what is odd about them is noted, never silent."""

import csv
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import polars as pl
import pytest

from credit.ml import columns
from credit.ml.columns import CATEGORIES, CLIENT_ID
from credit.ml.features import build_features
from credit.ml.progress import ignore_progress
from credit.ml.tables import TableProblem, Tables, inspect_folders, open_tables
from tests.builders.home_credit import edit, open_folders, with_value, write_folder

TABLES = tuple(Tables.__dataclass_fields__)
Rows = list[list[str]]


def rewrite(
    path: Path,
    *,
    separator: str = ",",
    line_end: str = "\n",
    encoding: str = "utf-8",
    decimal: str = ".",
    change: Callable[[Rows], Rows] = lambda rows: rows,
) -> None:
    """Writes a table in another dialect; decimal signs change in cells that are numbers."""
    rows = change(list(csv.reader(StringIO(path.read_text(encoding="utf-8")))))
    cells = [[cell.replace(".", decimal) if _is_number(cell) else cell for cell in row] for row in rows]
    text = StringIO()
    csv.writer(text, delimiter=separator, lineterminator="\n").writerows(cells)
    path.write_bytes(text.getvalue().replace("\n", line_end).encode(encoding))


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def read(folder: Path, scratch: Path) -> tuple[Tables, list[TableProblem]]:
    inspection = inspect_folders([folder], scratch)
    assert inspection.problems == []
    return open_tables(inspection), inspection.notes


def codes(notes: list[TableProblem], *wanted: str) -> list[tuple[str, str]]:
    return [(note.code, note.table) for note in notes if note.code in wanted]


def test_every_dialect_reads_as_the_plain_one(portfolio: Path, own_portfolio: Path, tmp_path: Path) -> None:
    dialects: dict[str, dict[str, str]] = {
        "application_train": {"separator": ";", "line_end": "\r", "encoding": "utf-8-sig", "decimal": ","},
        "application_test": {"separator": "\t", "line_end": "\r\n", "encoding": "utf-16", "decimal": ","},
        "bureau": {"separator": ";", "decimal": ",", "encoding": "utf-16-le"},
        "bureau_balance": {"line_end": "\r"},
        "previous_application": {"separator": ";", "line_end": "\r\n"},
        "POS_CASH_balance": {"encoding": "utf-8-sig", "line_end": "\r\n"},
        "installments_payments": {"separator": "|", "encoding": "utf-32"},
        "credit_card_balance": {"separator": "\t", "line_end": "\r", "encoding": "utf-16-be", "decimal": ","},
        "identities": {"separator": ";", "encoding": "cp1252", "line_end": "\r\n"},
    }
    for table, dialect in dialects.items():
        rewrite(own_portfolio / f"{table}.csv", **dialect)  # type: ignore[arg-type]

    tables, notes = read(own_portfolio, tmp_path / "copies")

    plain = open_folders([portfolio])
    for name in TABLES:
        assert getattr(tables, name).collect().equals(getattr(plain, name).collect()), name
    assert ("encoding", "application_test") in codes(notes, "encoding")


def test_numbers_as_spreadsheets_and_pandas_write_them_read_the_same(
    portfolio: Path, own_portfolio: Path, tmp_path: Path
) -> None:
    whole = {name for schema in columns.SIDE_TABLES for name, kind in schema.columns.items() if kind == pl.Int64}
    whole |= {name for name, kind in columns.APPLICATION.columns.items() if kind == pl.Int64}

    def as_floats(rows: Rows) -> Rows:
        header, *body = rows
        for row in body:
            row[:] = [f" {cell}.0 " if name in whole and cell else cell for name, cell in zip(header, row, strict=True)]
        return [["", *header], *([str(n), *row] for n, row in enumerate(body)), [], [""] * (len(header) + 1)]

    for table in ("application_train", "bureau", "POS_CASH_balance", "credit_card_balance"):
        rewrite(own_portfolio / f"{table}.csv", change=as_floats)

    tables, notes = read(own_portfolio, tmp_path)

    plain = open_folders([portfolio])
    for name in TABLES:
        assert getattr(tables, name).collect().equals(getattr(plain, name).collect()), name
    assert TableProblem("unnamed_column", "bureau", count=1) in notes


def test_digits_in_groups_are_one_number_and_points_before_three_digits_are_questioned(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "first")
    edit(folder, "application_train", with_value(0, "AMT_CREDIT", "1 234 567,5"))
    rewrite(folder / "application_train.csv", separator=";")
    tables, _ = read(folder, tmp_path)
    assert tables.application.collect().sort(CLIENT_ID)["AMT_CREDIT"][0] == 1234567.5

    folder = write_folder(tmp_path / "second")
    edit(folder, "application_train", with_value(1, "AMT_CREDIT", "100.000"))
    rewrite(folder / "application_train.csv", separator=";")
    (problem,) = inspect_folders([folder], tmp_path).problems
    assert (problem.code, problem.column, problem.line) == ("ambiguous_number", "AMT_CREDIT", 3)


def test_line_breaks_in_quotes_do_not_shift_the_line_of_a_fault(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "first")
    edit(folder, "application_train", with_value(0, "OCCUPATION_TYPE", "Lab\norers"))
    edit(folder, "application_train", with_value(1, "AMT_CREDIT", "many"))
    problems = inspect_folders([folder], tmp_path).problems
    assert {(problem.code, problem.line) for problem in problems} == {("unknown_category", 2), ("wrong_type", 4)}


@pytest.mark.parametrize(
    ("table", "column", "text"),
    [
        ("bureau", "CREDIT_ACTIVE", " active  "),
        ("bureau_balance", "STATUS", " c"),
        ("previous_application", "NAME_CONTRACT_STATUS", "APPROVED"),
        ("credit_card_balance", "NAME_CONTRACT_STATUS", "Active\u00a0"),
        ("application_train", "OCCUPATION_TYPE", CATEGORIES["OCCUPATION_TYPE"][0].upper() + " "),
    ],
)
def test_levels_that_differ_in_case_or_spaces_are_read_and_noted(
    tmp_path: Path, table: str, column: str, text: str
) -> None:
    folder = write_folder(tmp_path / "first")
    plain = [frame.collect() for frame in (getattr(open_folders([folder]), name) for name in TABLES)]
    level = pl.read_csv(folder / f"{table}.csv", infer_schema=False)[column][0]
    edit(folder, table, with_value(0, column, text if text.strip().casefold() == level.casefold() else level.upper()))

    tables, _ = read(folder, tmp_path)

    for name, frame in zip(TABLES, plain, strict=True):
        assert getattr(tables, name).collect().equals(frame)


def test_an_unknown_level_of_a_side_table_is_a_problem_with_its_line(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "first")
    edit(folder, "previous_application", with_value(1, "CODE_REJECT_REASON", "WEATHER"))
    assert inspect_folders([folder], tmp_path).problems == [
        TableProblem("unknown_category", "previous_application", "CODE_REJECT_REASON", "WEATHER", line=3)
    ]


def test_quoted_blanks_are_blanks(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "first")
    for column in ("OCCUPATION_TYPE", "AMT_ANNUITY", "OWN_CAR_AGE"):
        edit(folder, "application_train", with_value(0, column, "QUOTED"))
    edit(folder, "bureau", with_value(0, "CREDIT_TYPE", "QUOTED"))
    for table in ("application_train", "bureau"):
        path = folder / f"{table}.csv"
        path.write_text(path.read_text().replace("QUOTED", '""'))
    tables, _ = read(folder, tmp_path)
    row = tables.application.collect().sort(CLIENT_ID).row(0, named=True)
    assert [row[name] for name in ("OCCUPATION_TYPE", "AMT_ANNUITY", "OWN_CAR_AGE")] == [None] * 3
    assert tables.bureau.collect()["CREDIT_TYPE"][0] is None


@pytest.mark.parametrize("schema", columns.SIDE_TABLES, ids=lambda schema: schema.name)
def test_rows_that_occur_twice_are_counted_once_in_one_folder_and_across(
    portfolio: Path, own_portfolio: Path, tmp_path: Path, schema: columns.TableSchema
) -> None:
    expected = build_features(open_folders([portfolio]), ignore_progress)
    more = write_folder(tmp_path / "more", train=(11,), test=())
    for side in columns.SIDE_TABLES:
        (more / f"{side.name}.csv").unlink()
    rows = pl.read_csv(portfolio / f"{schema.name}.csv", infer_schema=False)
    rows.tail(4).write_csv(more / f"{schema.name}.csv")
    edit(own_portfolio, schema.name, lambda frame: pl.concat([frame, frame.head(3)]))

    inspection = inspect_folders([own_portfolio, more], tmp_path / "copies")

    features = build_features(open_tables(inspection), ignore_progress)
    assert features.filter(pl.col(CLIENT_ID) != 11).equals(expected)
    (note,) = [note for note in inspection.notes if note.code == "repeated_rows"]
    assert (note.table, note.count) == (schema.name, 7)


def test_a_repeated_row_with_other_values_is_noted_and_the_first_is_kept(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "first")
    edit(folder, "bureau", lambda rows: pl.concat([rows, rows.head(1).with_columns(AMT_CREDIT_SUM=pl.lit("9"))]))
    tables, notes = read(folder, tmp_path)
    assert codes(notes, "repeated_rows", "conflicting_rows") == [
        ("repeated_rows", "bureau"),
        ("conflicting_rows", "bureau"),
    ]
    assert tables.bureau.collect()["AMT_CREDIT_SUM"].to_list() == [1, 1, 1]


def test_missing_and_empty_side_tables_and_other_files_are_noted(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "first")
    for name in ("bureau", "POS_CASH_balance", "credit_card_balance"):
        (folder / f"{name}.csv").unlink()
    previous = folder / "previous_application.csv"
    previous.write_text(previous.read_text().splitlines()[0])
    (folder / "bureau (1).csv").write_text("x")
    (folder / "bureau_balance.csv").rename(folder / "BUREAU_BALANCE.CSV")

    tables, notes = read(folder, tmp_path)

    assert codes(notes, "absent_table", "no_rows", "other_file") == [
        ("no_rows", "previous_application"),
        ("absent_table", "bureau"),
        ("absent_table", "POS_CASH_balance"),
        ("absent_table", "credit_card_balance"),
        ("other_file", "bureau (1).csv"),
    ]
    features = build_features(tables, ignore_progress)
    assert features["BUREAU_COUNT"].null_count() == features["PREV_COUNT"].null_count() == features.height == 3
    assert features["INSTAL_COUNT"].to_list() == [1, 1, 1]


def test_columns_without_information_are_noted(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "first")
    edit(folder, "bureau", with_value(0, "AMT_ANNUITY", None))
    edit(folder, "bureau", lambda rows: rows.with_columns(DAYS_CREDIT=pl.Series(["-1", "-2", "-3"]), CREDIT_TYPE=None))
    _, notes = read(folder, tmp_path)
    facts = {(note.code, note.table): note.value for note in notes}
    assert facts["empty_columns", "bureau"] == "CREDIT_TYPE"
    assert "AMT_CREDIT_SUM" in facts["constant_columns", "bureau"]
    assert not any(name in facts["constant_columns", "bureau"] for name in ("DAYS_CREDIT,", "AMT_ANNUITY", CLIENT_ID))
