"""The hand-written texts beside this module, as records."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Text:
    """One text in both languages; ``credit.language.localized`` picks the reader's."""

    fr: str
    en: str


@dataclass(frozen=True, slots=True)
class ColumnText:
    """A column of a side table, raw or computed row by row; ``of_fr`` is its label after a noun ("du montant")."""

    unit: str
    theme: str
    label: Text
    of_fr: str
    description: Text


def read_rows(name: str) -> list[dict[str, str]]:
    """The rows of one of the CSV files of this folder."""
    with (_FOLDER / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@cache
def columns() -> dict[tuple[str, str], ColumnText]:
    """Texts of the side tables' columns, by table and column."""
    return {
        (row["table"], row["column"]): ColumnText(
            row["unit"],
            row["theme"],
            Text(row["label_fr"], row["label_en"]),
            row["of_fr"],
            Text(row["description_fr"], row["description_en"]),
        )
        for row in read_rows("columns.csv")
    }


@cache
def levels() -> dict[tuple[str, str, str], Text]:
    """Texts of the levels of text columns, by table, column and level."""
    return {(row["table"], row["column"], row["level"]): Text(row["fr"], row["en"]) for row in read_rows("levels.csv")}


@cache
def words() -> dict[tuple[str, str], Text]:
    """Words that labels are composed of, themes and units, by kind and key; in the order of the file."""
    return {(row["kind"], row["key"]): Text(row["fr"], row["en"]) for row in read_rows("words.csv")}


@cache
def reason_words() -> dict[tuple[str, str], Text]:
    """The words of each fact that may lead a reason, by feature and form; of tables without a row, by table."""
    return {(row["feature"], row["form"]): Text(row["fr"], row["en"]) for row in read_rows("reasons.csv")}
