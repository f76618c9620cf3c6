"""A small CSV of applications, as a spreadsheet saves it: read as a whole, every fault reported with its line."""

import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import StringIO
from typing import Final

from credit.ml import delimited
from credit.ml.application import COLUMNS, RawValue
from credit.ml.columns import CATEGORIES, CLIENT_ID, TARGET
from credit.ml.inputs import WrongInput, to_code
from credit.ml.names import LONGEST_NAME

MOST_ROWS: Final = 5_000
NAMES: Final = ("FIRST_NAME", "LAST_NAME")
KNOWN: Final = frozenset({CLIENT_ID, TARGET, *NAMES, *COLUMNS})
_LARGEST_ID: Final = 2**62
_LONGEST_ID: Final = 19  # digits


@dataclass(frozen=True, slots=True)
class UploadProblem:
    """A fault and its place: ``line`` counts from 1, 0 is the whole file.

    Codes: those of WrongInput, and not_text, no_rows, too_many_rows, unknown_column, double_column, no_column,
    ragged, double_id, wrong_id, wrong_target, long_name.
    """

    code: str
    line: int = 0
    column: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class UploadedRow:
    """One application; a blank cell, or a column that the file does not have, is missing."""

    line: int
    client_id: int | None
    first_name: str
    last_name: str
    target: int | None
    application: Mapping[str, RawValue]


@dataclass(slots=True)
class Upload:
    rows: list[UploadedRow] = field(default_factory=list)
    problems: list[UploadProblem] = field(default_factory=list)


def read_upload(content: bytes) -> Upload:
    """The rows of a CSV file, and all its faults; a row with the wrong number of cells is left out.

    UTF-8 with or without a byte order mark, else Windows-1252; separated by commas or semicolons, and with semicolons
    a comma may be the decimal sign. Ids and names are read as text: 007 is a number, a person may be called Null.
    """
    try:
        text = delimited.decode(content)
    except UnicodeDecodeError:
        return Upload(problems=[UploadProblem("not_text")])
    if "\0" in text:
        return Upload(problems=[UploadProblem("not_text")])
    separator = delimited.separator_of(text.partition("\n")[0])
    lines = csv.reader(StringIO(text, newline=""), delimiter=separator)
    upload = Upload()
    try:
        columns = [name.strip() for name in next(lines, [])]
        upload.problems += _header_problems(columns)
        if not upload.problems:
            _read_rows(lines, columns, separator, upload)
    except csv.Error:
        upload.problems.append(UploadProblem("ragged", lines.line_num))
    if not upload.rows and not upload.problems:
        upload.problems.append(UploadProblem("no_rows"))
    return upload


def _header_problems(columns: list[str]) -> Iterator[UploadProblem]:
    for name, count in Counter(columns).items():
        if name not in KNOWN:
            yield UploadProblem("unknown_column", 1, name[:80])
        elif count > 1:
            yield UploadProblem("double_column", 1, name)
    if "AMT_CREDIT" not in columns and any(columns):
        yield UploadProblem("no_column", 1, "AMT_CREDIT")


def _read_rows(lines: Iterator[list[str]], columns: list[str], separator: str, upload: Upload) -> None:
    seen: set[int] = set()
    count = 0
    for cells in lines:
        line = lines.line_num  # type: ignore[attr-defined]  # a csv.reader
        if not any(cell.strip() for cell in cells):
            continue
        count += 1
        if count > MOST_ROWS:
            upload.problems.append(UploadProblem("too_many_rows", line))
            return
        if len(cells) != len(columns):
            upload.problems.append(UploadProblem("ragged", line))
            continue
        row = _read_row(line, dict(zip(columns, cells, strict=True)), separator, upload.problems)
        if row.client_id is not None:
            if row.client_id in seen:
                upload.problems.append(UploadProblem("double_id", line, CLIENT_ID, str(row.client_id)))
            seen.add(row.client_id)
        upload.rows.append(row)


def _read_row(line: int, cells: Mapping[str, str], separator: str, problems: list[UploadProblem]) -> UploadedRow:
    texts = {name: cell.strip() for name, cell in cells.items()}
    long_names = [name for name in NAMES if len(texts.get(name, "")) > LONGEST_NAME]
    problems += [UploadProblem("long_name", line, name, texts[name][:80]) for name in long_names]
    application: dict[str, RawValue] = {}
    for name in COLUMNS:
        value = texts.get(name, "")
        if separator == ";" and name not in CATEGORIES:
            value = value.replace(",", ".")
        try:
            code = to_code(name, value)
        except WrongInput as error:
            problems.append(UploadProblem(error.code, line, name, texts[name][:80]))
            continue
        application[name] = (value or None) if name in CATEGORIES else code
    return UploadedRow(
        line=line,
        client_id=_client_id(line, texts.get(CLIENT_ID, ""), problems),
        first_name=texts.get("FIRST_NAME", ""),
        last_name=texts.get("LAST_NAME", ""),
        target=_target(line, texts.get(TARGET, ""), problems),
        application=application,
    )


def _client_id(line: int, text: str, problems: list[UploadProblem]) -> int | None:
    if not text:
        return None
    if text.isascii() and text.isdecimal() and len(text) <= _LONGEST_ID and 0 < int(text) < _LARGEST_ID:
        return int(text)
    problems.append(UploadProblem("wrong_id", line, CLIENT_ID, text[:80]))
    return None


def _target(line: int, text: str, problems: list[UploadProblem]) -> int | None:
    if text in ("", "0", "1", "0.0", "1.0"):
        return int(float(text)) if text else None
    problems.append(UploadProblem("wrong_target", line, TARGET, text[:80]))
    return None
