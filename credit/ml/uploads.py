"""A small CSV of applications, as a spreadsheet saves it: read as a whole, every fault reported with its line."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from itertools import islice
from typing import Final

from credit.ml.application import COLUMNS, RawValue
from credit.ml.columns import CATEGORIES, CLIENT_ID, LARGEST_ID, TARGET
from credit.ml.inputs import WrongInput, is_whole, to_code
from credit.ml.levels import known_level
from credit.ml.names import LONGEST_NAME
from pretadepenser.core import delimited
from pretadepenser.core.delimited import Layout, UnreadableText

MOST_ROWS: Final = 5_000
NAMES: Final = ("FIRST_NAME", "LAST_NAME")
KNOWN: Final = frozenset({CLIENT_ID, TARGET, *NAMES, *COLUMNS})
_LONGEST_NUMBER: Final = 40  # digits of an amount
Row = tuple[int, list[str]]  # a line and its cells


@dataclass(frozen=True, slots=True)
class UploadProblem:
    """A fault and its place: ``line`` counts from 1, 0 is the whole file.

    Codes: those of WrongInput and of UnreadableText, and no_rows, too_many_rows, unknown_column, unnamed_column,
    double_column, no_column, ragged, double_id, wrong_id, large_id, long_number, ambiguous_number, wrong_target,
    long_name.
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

    ``pretadepenser.core.delimited`` says how files may be written. Ids and names are read as text: 007 is a number, a
    person may be called Null.
    """
    upload, stream = Upload(), BytesIO(content)
    try:
        layout = delimited.layout_of(stream)
        rows = list(islice(delimited.rows(stream, layout), MOST_ROWS + 1))
    except UnreadableText as error:
        return Upload(problems=[UploadProblem(error.code, error.line)])
    upload.problems += _header_problems(layout, rows)
    if not upload.problems:
        _read_rows(rows, layout, upload)
    if not upload.rows and not upload.problems:
        upload.problems.append(UploadProblem("no_rows"))
    return upload


def _header_problems(layout: Layout, rows: Sequence[Row]) -> Iterator[UploadProblem]:
    unnamed = layout.unnamed_columns()
    for position in unnamed:
        if any(cells[position - 1].strip() for _, cells in rows if len(cells) >= position):
            yield UploadProblem("unnamed_column", layout.header_line, value=str(position))
    names = [name for position, name in enumerate(layout.header, start=1) if position not in unnamed]
    for name, count in Counter(names).items():
        if name not in KNOWN:
            yield UploadProblem("unknown_column", layout.header_line, name[:80])
        elif count > 1:
            yield UploadProblem("double_column", layout.header_line, name)
    if "AMT_CREDIT" not in names and names:
        yield UploadProblem("no_column", layout.header_line, "AMT_CREDIT")


def _read_rows(rows: Sequence[Row], layout: Layout, upload: Upload) -> None:
    seen: set[int] = set()
    for count, (line, cells) in enumerate(rows, start=1):
        if count > MOST_ROWS:
            upload.problems.append(UploadProblem("too_many_rows", line))
            return
        if len(cells) != len(layout.header):
            upload.problems.append(UploadProblem("ragged", line))
            continue
        row = _read_row(line, dict(zip(layout.header, cells, strict=True)), layout, upload.problems)
        if row.client_id is not None:
            if row.client_id in seen:
                upload.problems.append(UploadProblem("double_id", line, CLIENT_ID, str(row.client_id)))
            seen.add(row.client_id)
        upload.rows.append(row)


def _read_row(line: int, cells: Mapping[str, str], layout: Layout, problems: list[UploadProblem]) -> UploadedRow:
    texts = {name: cell.strip() for name, cell in cells.items()}
    long_names = [name for name in NAMES if len(texts.get(name, "")) > LONGEST_NAME]
    problems += [UploadProblem("long_name", line, name, texts[name][:80]) for name in long_names]
    application: dict[str, RawValue] = {}
    for name in COLUMNS:
        text = texts.get(name, "")
        try:
            application[name] = _value(name, text, layout)
        except WrongInput as error:
            problems.append(UploadProblem(error.code, line, name, text[:80]))
    return UploadedRow(
        line=line,
        client_id=_client_id(line, texts.get(CLIENT_ID, ""), problems),
        first_name=texts.get("FIRST_NAME", ""),
        last_name=texts.get("LAST_NAME", ""),
        target=_target(line, texts.get(TARGET, ""), problems),
        application=application,
    )


def _value(name: str, text: str, layout: Layout) -> RawValue:
    """The level or the number of a cell; raises WrongInput."""
    if name in CATEGORIES:
        level = known_level(text, CATEGORIES[name]) or text
        to_code(name, level)
        return level or None
    if len(text) > _LONGEST_NUMBER:
        raise WrongInput(name, "long_number", text)
    is_exact = is_whole(name) or name.startswith("AMT_")
    if layout.has_decimal_comma and is_exact and re.match(delimited.AMBIGUOUS_NUMBER, text):
        raise WrongInput(name, "ambiguous_number", text)
    return to_code(name, delimited.plain_number(text, layout))


def _client_id(line: int, text: str, problems: list[UploadProblem]) -> int | None:
    if not text:
        return None
    number = delimited.whole_number(text)
    if number and number <= LARGEST_ID:
        return number
    code = "large_id" if number or text.strip("0123456789") == "" != text.strip("0") else "wrong_id"
    problems.append(UploadProblem(code, line, CLIENT_ID, text[:80]))
    return None


def _target(line: int, text: str, problems: list[UploadProblem]) -> int | None:
    target = delimited.whole_number(text)
    if target in (0, 1) or not text:
        return target
    problems.append(UploadProblem("wrong_target", line, TARGET, text[:80]))
    return None
