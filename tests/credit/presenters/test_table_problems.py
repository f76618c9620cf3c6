"""Each problem of a file has a sentence that says where it is; both languages have it."""

from pathlib import Path

import polars as pl
import pytest
from django.utils import translation

from credit.ml.tables import TableProblem
from credit.presenters.table_problems import SHOWN, problem_sentence, problem_sentences
from tests.builders.home_credit import check_folders, edit, with_value


def spoil(folder: Path, code: str) -> None:
    """Gives the folder the problem that ``code`` names."""
    path = folder / "bureau.csv"
    match code:
        case "missing_table":
            (folder / "application_train.csv").unlink()
            (folder / "application_test.csv").unlink()
        case "empty_table":
            path.write_text("")
        case "not_text":
            path.write_bytes(path.read_bytes() + b"\0")
        case "out_of_range":
            edit(folder, "application_train", with_value(3, "AMT_INCOME_TOTAL", "-5"))
        case "unreadable":
            path.write_text(path.read_text() + "1,2,3\n")
        case "missing_column":
            edit(folder, "bureau", lambda bureau: bureau.drop("CREDIT_TYPE"))
        case "unknown_column":
            edit(folder, "bureau", lambda bureau: bureau.with_columns(pl.lit("1").alias("SURPRISE")))
        case "wrong_type":
            edit(folder, "bureau", with_value(3, "DAYS_CREDIT", "yesterday"))
        case "unknown_category":
            edit(folder, "application_train", with_value(4, "NAME_INCOME_TYPE", "Pirate"))
        case "duplicate_id":
            edit(folder, "application_train", lambda train: pl.concat([train, train.head(1)]))


@pytest.mark.parametrize(
    ("code", "parts"),
    [
        ("missing_table", ["application_train.csv", "missing"]),
        ("empty_table", ["bureau.csv", "no rows"]),
        ("not_text", ["bureau.csv", "CSV"]),
        ("out_of_range", ["application_train.csv", "line 5", "AMT_INCOME_TOTAL", "“-5”", "between 0 and 1,000,"]),
        ("unreadable", ["bureau.csv", "line"]),
        ("missing_column", ["bureau.csv", "CREDIT_TYPE", "missing"]),
        ("unknown_column", ["bureau.csv", "SURPRISE"]),
        ("wrong_type", ["bureau.csv", "line 5", "DAYS_CREDIT", "“yesterday”"]),
        ("unknown_category", ["application_train.csv", "line 6", "NAME_INCOME_TYPE", "“Pirate”"]),
        ("duplicate_id", ["application_train.csv", "more than once"]),
    ],
)
def test_a_faulty_file_is_reported_with_its_place(own_portfolio: Path, code: str, parts: list[str]) -> None:
    spoil(own_portfolio, code)

    problems = check_folders([own_portfolio])

    assert [problem.code for problem in problems] == [code]
    with translation.override("en"):
        sentence = problem_sentence(problems[0])
    assert all(part in sentence for part in parts), sentence
    assert "%(" not in sentence and "?" not in sentence


def test_a_value_that_looks_like_a_placeholder_is_shown_as_it_is() -> None:
    with translation.override("en"):
        sentence = problem_sentence(TableProblem("wrong_type", "bureau", "DAYS_CREDIT", "x (line 3)", line=8))

    assert "line 8" in sentence and "“x (line 3)”" in sentence


def test_a_code_without_a_sentence_is_a_bug() -> None:
    with pytest.raises(KeyError, match="brand_new"):
        problem_sentence(TableProblem("brand_new", "bureau"))


def test_many_problems_are_cut_short() -> None:
    problems = [TableProblem("missing_column", "bureau", f"C{number}") for number in range(SHOWN + 3)]

    with translation.override("en"):
        lines = problem_sentences(problems).splitlines()

    assert len(lines) == SHOWN + 1
    assert lines[-1] == "… and 3 more."
