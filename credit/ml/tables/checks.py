"""The files of Home Credit folders, checked: what refuses them, what is worth a note, and how each is to be read.

A valid file costs one pass over its bytes and one typed parse that keeps nothing. Only a file that fails is read as
text, cleaned, and searched for the first offending value of each column and its line.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from credit.ml.columns import SIDE_TABLES
from credit.ml.tables.files import APPLICATION_FILES, TableFile, other_files, table_files
from credit.ml.tables.problems import TableProblem
from credit.ml.tables.repetition import find_repeated_clients, find_repeated_rows
from credit.ml.tables.search import offending_values
from credit.ml.tables.sources import Source
from credit.ml.tables.summary import Summary, summarise
from pretadepenser.core.delimited import Layout, UnreadableText, copy_as_utf8, layout_of

_LONGEST_VALUE: Final = 80
_SHOWN_SPELLINGS: Final = 3
_SHOWN_COLUMNS: Final = 12


@dataclass(slots=True)
class Inspection:
    """What the files hold. With ``problems`` none may be read; ``notes`` belong in the report.

    ``repeated`` names the side tables in which rows occur more than once.
    """

    problems: list[TableProblem] = field(default_factory=list)
    notes: list[TableProblem] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    repeated: set[str] = field(default_factory=set)


def inspect_folders(folders: Sequence[Path], copies: Path) -> Inspection:
    """All that is to be said of the files; those that are not in UTF-8 are copied into the folder ``copies``.

    Every folder must hold applications. Side tables may be missing: their features are then blank.
    """
    inspection = Inspection(problems=list(_missing_applications(folders)))
    files = list(table_files(folders))
    for number, file in enumerate(files):
        _inspect_file(file, copies / f"{number}.csv", inspection)
    present = {file.schema.name for file in files}
    absent = (schema.name for schema in SIDE_TABLES if schema.name not in present)
    inspection.notes += (TableProblem("absent_table", name) for name in absent)
    inspection.notes += (TableProblem("other_file", name) for name in other_files(folders))
    if not inspection.problems:
        applications = [source for source in inspection.sources if source.schema in APPLICATION_FILES]
        if not any(source.rows for source in applications):
            inspection.problems.append(TableProblem("empty_table", applications[0].file.label))
        inspection.problems += find_repeated_clients(applications)
        repeated = list(find_repeated_rows(inspection.sources))
        inspection.notes += repeated
        inspection.repeated |= {note.table for note in repeated}
    return inspection


def _missing_applications(folders: Sequence[Path]) -> Iterator[TableProblem]:
    for position, folder in enumerate(folders):
        if not any(file.schema in APPLICATION_FILES for file in table_files([folder])):
            where = "" if position == 0 else f"{folder.name}/"
            yield TableProblem("missing_table", f"{where}application_train")


def _inspect_file(file: TableFile, copy: Path, inspection: Inspection) -> None:
    try:
        source = _open(file, copy)
        header = list(_header_problems(source))
        if header:
            inspection.problems += header
            return
        source, summary = _read(source)
        line = source.first_ragged_line() if summary is None or not source.is_exact else None
    except UnreadableText as error:
        inspection.problems.append(TableProblem(error.code, file.label, line=error.line or None))
        return
    if summary is None or line is not None:
        inspection.problems.append(TableProblem("unreadable", file.label, line=line))
    elif not summary.is_sound:
        inspection.problems += offending_values(source, summary)
    else:
        inspection.sources.append(source)
        inspection.notes += _notes(source, summary)


def _open(file: TableFile, copy: Path) -> Source:
    with file.path.open("rb") as stream:
        layout = layout_of(stream)
    if layout.is_utf8:
        return Source(file, layout, file.path)
    copy.parent.mkdir(parents=True, exist_ok=True)
    copy_as_utf8(file.path, layout, copy)
    return Source(file, layout, copy)


def _read(source: Source) -> tuple[Source, Summary | None]:
    """The source as it can be read, with its summary: exactly if every cell parses, else cleaned."""
    layout = source.layout
    if layout.is_utf8 and not layout.has_decimal_comma and layout.header_line == 1:
        summary = summarise(source)
        if summary and summary.is_sound and _separators_tally(layout, summary):
            return replace(source, rows=summary.rows, respelled=summary.respelled), summary
    cleaned = replace(source, is_exact=False)
    if summary := summarise(cleaned):
        cleaned = replace(cleaned, rows=summary.rows, respelled=summary.respelled)
    return cleaned, summary


def _separators_tally(layout: Layout, summary: Summary) -> bool:
    """Whether every line has as many cells as the header; a short one would pass for a line with blanks."""
    return layout.separators == (summary.rows + 1) * (len(layout.header) - 1) + summary.separators


def _header_problems(source: Source) -> Iterator[TableProblem]:
    file, header = source.file, source.layout.header
    if not header:
        yield TableProblem("empty_table", file.label)
    elif len(header) == 1:
        yield TableProblem("unreadable", file.label, value=header[0][:_LONGEST_VALUE], line=1)
    else:
        unnamed = source.layout.unnamed_columns()
        for column in file.schema.columns:
            if column not in header:
                yield TableProblem("missing_column", file.label, column)
        named = [name for position, name in enumerate(header, start=1) if position not in unnamed]
        for column, times in Counter(named).items():
            if column not in file.schema.columns or times > 1:
                yield TableProblem("unknown_column", file.label, column[:_LONGEST_VALUE])


def _notes(source: Source, summary: Summary) -> Iterator[TableProblem]:
    label, layout = source.file.label, source.layout
    if not layout.is_utf8:
        yield TableProblem("encoding", label, value="Windows-1252" if layout.encoding == "cp1252" else layout.encoding)
    for position in layout.unnamed_columns():
        yield TableProblem("unnamed_column", label, value=layout.header[position - 1], count=position)
    if summary.rows == 0:
        yield TableProblem("no_rows", label)
    for column, spellings in summary.respelled.items():
        texts = [text for text, level in spellings.items() if level is not None]
        if texts:
            shown = ", ".join(f'"{text[:_LONGEST_VALUE]}"' for text in sorted(texts)[:_SHOWN_SPELLINGS])
            yield TableProblem("respelled", label, column, shown, count=len(texts))
    for code, columns in (("empty_columns", summary.empty), ("constant_columns", summary.constant)):
        if columns:
            more = " …" if len(columns) > _SHOWN_COLUMNS else ""
            yield TableProblem(code, label, value=", ".join(columns[:_SHOWN_COLUMNS]) + more, count=len(columns))
