"""From the files of a portfolio to the rows to store: checked, built, and written to a folder for the import.

Meant for its own process: the memory that Polars needs is released before the database is written.
"""

import hashlib
import json
import os
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import polars as pl

from credit.ml.columns import CLIENT_ID
from credit.ml.features import build_features, feature_names
from credit.ml.names import LONGEST_NAME
from credit.ml.population import ColumnSummary, population_summary
from credit.ml.progress import ProgressCallback
from credit.ml.tables import Inspection, TableProblem, inspect_folders, open_tables, read_identities
from credit.ml.tables.files import APPLICATION_FILES, IDENTITIES, table_files

#: Progress in hundredths at the end of the check, of the features, and of everything.
CHECKED, BUILT, INGESTED = 15, 65, 70
_ROWS_PER_GROUP: Final = 10_000
_SHOWN_IDS: Final = 3
_REPORT: Final = "report.json"
#: By side table, a feature that every client with rows there has.
_HISTORIES: Final = {
    "bureau": "BUREAU_COUNT",
    "bureau_balance": "BUREAU_MONTHS_BALANCE_SIZE_MEAN",
    "previous_application": "PREV_COUNT",
    "POS_CASH_balance": "POS_COUNT",
    "installments_payments": "INSTAL_COUNT",
    "credit_card_balance": "CC_COUNT",
}


class UnusableFoldersError(Exception):
    """The files cannot be imported; ``problems`` says why."""

    def __init__(self, problems: Sequence[TableProblem]) -> None:
        super().__init__(problems)
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Wording:
    """The progress messages, in the caller's language; ``building`` has the placeholder {table}."""

    checking: str
    building: str
    writing: str


@dataclass(frozen=True, slots=True)
class Ingestion:
    """The content of a folder of prepared rows."""

    folder: str
    row_counts: dict[str, int]  # per table as read; "application" is the number of clients
    agencies: list[str]  # of the clients
    notes: list[dict[str, object]]  # TableProblems for the report
    population: dict[str, ColumnSummary]

    @property
    def histories(self) -> dict[str, float]:
        """The share of the clients who have rows in each side table, in 0..1."""
        return {table: 1 - self.population[column]["missing"] for table, column in _HISTORIES.items()}

    def applications(self, rows: int) -> Iterator[pl.DataFrame]:
        """SK_ID_CURR, TARGET, the raw columns, FIRST_NAME, LAST_NAME and AGENCY by ascending id, ``rows`` at a time."""
        return self._slices("applications.parquet", rows)

    def features(self, rows: int) -> Iterator[pl.DataFrame]:
        """SK_ID_CURR and ``feature_names()`` as Float32 by ascending id, ``rows`` at a time."""
        return self._slices("features.parquet", rows)

    def _slices(self, name: str, rows: int) -> Iterator[pl.DataFrame]:
        frame = pl.scan_parquet(Path(self.folder) / name)
        for start in range(0, self.row_counts["application"], rows):
            yield frame.slice(start, rows).collect()


def ingest(folders: Sequence[Path], work_dir: Path, wording: Wording, *, on_progress: ProgressCallback) -> Ingestion:
    """The checked and built rows of ``folders``, in a folder of ``work_dir``.

    The result of an earlier call is reused unless a file or the list of features has changed. Raises
    UnusableFoldersError.
    """
    finished = work_dir / _fingerprint(folders)
    if not finished.exists():
        on_progress(0, 100, wording.checking)
        partial, copies = work_dir / "partial", work_dir / "copies"
        for left_over in (partial, copies):
            shutil.rmtree(left_over, ignore_errors=True)
        try:
            inspection = inspect_folders(folders, copies)
            if problems := inspection.problems or _long_names(inspection):
                raise UnusableFoldersError(problems)
            partial.mkdir(parents=True)
            _prepare(inspection, partial, wording, on_progress)
        finally:
            shutil.rmtree(copies, ignore_errors=True)
        partial.rename(finished)  # all files at once, or none
    on_progress(INGESTED, 100, wording.writing)
    return Ingestion(folder=str(finished), **json.loads((finished / _REPORT).read_text()))


def _long_names(inspection: Inspection) -> list[TableProblem]:
    """The first name of each column that is too long to store."""
    identities = read_identities(inspection)
    problems = []
    for column in ("FIRST_NAME", "LAST_NAME", "AGENCY"):
        too_long = identities[column].filter(identities[column].str.len_chars() > LONGEST_NAME)
        if len(too_long):
            problems.append(TableProblem("text_too_long", IDENTITIES.name, column, too_long[0]))
    return problems


def _prepare(inspection: Inspection, partial: Path, wording: Wording, on_progress: ProgressCallback) -> None:
    def report(done: int, total: int, table: str) -> None:
        share = CHECKED + (BUILT - CHECKED) * done // total
        on_progress(share, 100, wording.building.format(table=table or "application"))

    tables = open_tables(inspection)
    rows = read_identities(inspection).with_columns(pl.col(pl.String).replace("", None))
    identities = rows.unique(CLIENT_ID, keep="first", maintain_order=True)
    applications = tables.application.collect(engine="streaming").sort(CLIENT_ID)
    unused = identities.join(applications, CLIENT_ID, how="anti").height
    notes = [*inspection.notes, *_name_notes(rows, unused)]
    applications = applications.join(identities, CLIENT_ID, how="left", maintain_order="left")
    _write(applications, partial / "applications.parquet")
    agencies = applications["AGENCY"].drop_nulls().unique().sort().to_list()
    row_counts = {"application": applications.height, **_side_rows(inspection)}
    del applications

    features = build_features(tables, report)
    on_progress(BUILT, 100, wording.writing)
    _write(features, partial / "features.parquet")
    population = population_summary(features.select(feature_names()))
    noted = [asdict(note) for note in notes]
    facts = {"row_counts": row_counts, "agencies": agencies, "notes": noted, "population": population}
    (partial / _REPORT).write_text(json.dumps(facts))


def _name_notes(rows: pl.DataFrame, unused: int) -> Iterator[TableProblem]:
    """What is odd about the names: clients with several rows, and rows without a client."""
    repeated = rows.filter(~pl.col(CLIENT_ID).is_first_distinct())
    if repeated.height:
        shown = ", ".join(map(str, repeated[CLIENT_ID].unique(maintain_order=True)[:_SHOWN_IDS]))
        yield TableProblem("repeated_names", IDENTITIES.name, CLIENT_ID, shown, count=repeated.height)
    if unused:
        yield TableProblem("unused_names", IDENTITIES.name, count=unused)


def _side_rows(inspection: Inspection) -> dict[str, int]:
    rows = Counter(dict.fromkeys(_HISTORIES, 0))
    for source in inspection.sources:
        if source.schema not in (*APPLICATION_FILES, IDENTITIES):
            rows[source.schema.name] += source.rows
    return dict(rows)


def _write(frame: pl.DataFrame, path: Path) -> None:
    frame.write_parquet(path, compression="lz4", row_group_size=_ROWS_PER_GROUP, statistics=False)
    with path.open("rb") as stream:
        os.fsync(stream.fileno())


def _fingerprint(folders: Sequence[Path]) -> str:
    """Changes with the files (path, size, modification time), with the list of features, and with what is reported."""
    described: list[object] = [feature_names(), list(Ingestion.__dataclass_fields__)]
    for file in table_files(folders):
        status = file.path.stat()
        described.append([str(file.path.resolve()), status.st_size, status.st_mtime_ns])
    return hashlib.sha256(json.dumps(described).encode()).hexdigest()[:16]
