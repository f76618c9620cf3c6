"""From the files of a portfolio to the rows to store: checked, built, and written to a folder for the import.

Meant for its own process: the memory that Polars needs is released before the database is written.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from credit.ml.columns import CLIENT_ID, SIDE_TABLES
from credit.ml.features import build_features, feature_names
from credit.ml.names import LONGEST_NAME
from credit.ml.population import ColumnSummary, population_summary
from credit.ml.progress import ProgressCallback
from credit.ml.tables import TableProblem, Tables, check_folders, open_folders, read_identities
from credit.ml.tables.files import IDENTITIES, table_files

#: Progress in hundredths at the end of the check, of the features, and of everything.
CHECKED, BUILT, INGESTED = 15, 65, 70
_ROWS_PER_GROUP: Final = 10_000
_REPORT: Final = "report.json"


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
    row_counts: dict[str, int]  # per table; "application" is the number of clients
    agencies: list[str]  # of the clients
    unused_names: int  # rows of identities.csv without an application
    population: dict[str, ColumnSummary]

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
        if problems := check_folders(folders) or _long_names(folders):
            raise UnusableFoldersError(problems)
        partial = work_dir / "partial"
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        _prepare(folders, partial, wording, on_progress)
        partial.rename(finished)  # all files at once, or none
    on_progress(INGESTED, 100, wording.writing)
    return Ingestion(folder=str(finished), **json.loads((finished / _REPORT).read_text()))


def _long_names(folders: Sequence[Path]) -> list[TableProblem]:
    """The first name of each column that is too long to store."""
    identities = read_identities(folders)
    problems = []
    for column in ("FIRST_NAME", "LAST_NAME", "AGENCY"):
        too_long = identities[column].filter(identities[column].str.len_chars() > LONGEST_NAME)
        if len(too_long):
            problems.append(TableProblem("text_too_long", IDENTITIES.name, column, too_long[0]))
    return problems


def _prepare(folders: Sequence[Path], partial: Path, wording: Wording, on_progress: ProgressCallback) -> None:
    def report(done: int, total: int, table: str) -> None:
        share = CHECKED + (BUILT - CHECKED) * done // total
        on_progress(share, 100, wording.building.format(table=table or "application"))

    tables = open_folders(folders)
    identities = read_identities(folders).with_columns(pl.col(pl.String).replace("", None))
    applications = tables.application.collect(engine="streaming").sort(CLIENT_ID)
    unused_names = identities.join(applications, CLIENT_ID, how="anti").height
    applications = applications.join(identities, CLIENT_ID, how="left", maintain_order="left")
    _write(applications, partial / "applications.parquet")
    agencies = applications["AGENCY"].drop_nulls().unique().sort().to_list()
    row_counts = {"application": applications.height, **_count_side_rows(tables)}
    del applications

    features = build_features(tables, report)
    on_progress(BUILT, 100, wording.writing)
    _write(features, partial / "features.parquet")
    population = population_summary(features.select(feature_names()))
    facts = {"row_counts": row_counts, "agencies": agencies, "unused_names": unused_names, "population": population}
    (partial / _REPORT).write_text(json.dumps(facts))


def _count_side_rows(tables: Tables) -> dict[str, int]:
    frames = [getattr(tables, schema.name.lower()).select(pl.len()) for schema in SIDE_TABLES]
    return {schema.name: int(frame.item()) for schema, frame in zip(SIDE_TABLES, pl.collect_all(frames), strict=True)}


def _write(frame: pl.DataFrame, path: Path) -> None:
    frame.write_parquet(path, compression="lz4", row_group_size=_ROWS_PER_GROUP, statistics=False)
    with path.open("rb") as stream:
        os.fsync(stream.fileno())


def _fingerprint(folders: Sequence[Path]) -> str:
    """Changes with the files (path, size, modification time) and with the list of features."""
    described: list[object] = [feature_names()]
    for file in table_files(folders):
        status = file.path.stat()
        described.append([str(file.path.resolve()), status.st_size, status.st_mtime_ns])
    return hashlib.sha256(json.dumps(described).encode()).hexdigest()[:16]
