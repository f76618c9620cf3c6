"""From the files of a portfolio to what is stored of it: checked, built, and left in a folder for whoever stores it.

Made to run in a process of its own: what Polars needs at full size is free again before the database is written.
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
from credit.ml.population import ColumnSummary, population_summary
from credit.ml.progress import ProgressCallback
from credit.ml.tables import TableProblem, Tables, check_folders, open_folders, read_identities
from credit.ml.tables.files import IDENTITIES, table_files

#: Progress counts hundredths: the check ends at the first, the features at the second, everything at the third.
CHECKED, BUILT, INGESTED = 15, 65, 70
LONGEST_NAME: Final = 80  # characters that a name of a client or an agency may have in the database
_ROWS_PER_GROUP: Final = 10_000
_REPORT: Final = "report.json"


class UnusableFoldersError(Exception):
    """The files cannot be imported as they are; ``problems`` says why."""

    def __init__(self, problems: Sequence[TableProblem]) -> None:
        super().__init__(problems)
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Wording:
    """What progress says, in the language of whoever waits; ``building`` has a place for {table}."""

    checking: str
    building: str
    writing: str


@dataclass(frozen=True, slots=True)
class Ingestion:
    """What a folder of prepared rows holds."""

    folder: str
    row_counts: dict[str, int]  # per table; "application" is the number of clients
    agencies: list[str]  # that the clients belong to
    unused_names: int  # rows of identities.csv that belong to no application
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

    What an earlier call left there is taken as it is, unless a file or the list of features has changed since.
    Raises UnusableFoldersError.
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
    """The first name that is too long to store, per column."""
    identities = read_identities(folders)
    problems = []
    for column in ("FIRST_NAME", "LAST_NAME", "AGENCY"):
        too_long = identities[column].filter(identities[column].str.len_chars() > LONGEST_NAME)
        if len(too_long):
            problems.append(TableProblem("text_too_long", IDENTITIES.name, column, too_long[0]))
    return problems


def _prepare(folders: Sequence[Path], partial: Path, wording: Wording, on_progress: ProgressCallback) -> None:
    def tell(done: int, total: int, table: str) -> None:
        on_progress(
            CHECKED + (BUILT - CHECKED) * done // total, 100, wording.building.format(table=table or "application")
        )

    tables = open_folders(folders)
    identities = read_identities(folders).with_columns(pl.col(pl.String).replace("", None))
    applications = tables.application.collect(engine="streaming").sort(CLIENT_ID)
    unused_names = identities.join(applications, CLIENT_ID, how="anti").height
    applications = applications.join(identities, CLIENT_ID, how="left", maintain_order="left")
    _write(applications, partial / "applications.parquet")
    agencies = applications["AGENCY"].drop_nulls().unique().sort().to_list()
    row_counts = {"application": applications.height, **_count_side_rows(tables)}
    del applications

    features = build_features(tables, tell)
    on_progress(BUILT, 100, wording.writing)
    _write(features, partial / "features.parquet")
    population = population_summary(features.select(feature_names()))
    report = {"row_counts": row_counts, "agencies": agencies, "unused_names": unused_names, "population": population}
    (partial / _REPORT).write_text(json.dumps(report))


def _count_side_rows(tables: Tables) -> dict[str, int]:
    frames = [getattr(tables, schema.name.lower()).select(pl.len()) for schema in SIDE_TABLES]
    return {schema.name: int(frame.item()) for schema, frame in zip(SIDE_TABLES, pl.collect_all(frames), strict=True)}


def _write(frame: pl.DataFrame, path: Path) -> None:
    frame.write_parquet(path, compression="lz4", row_group_size=_ROWS_PER_GROUP, statistics=False)
    with path.open("rb") as stream:
        os.fsync(stream.fileno())


def _fingerprint(folders: Sequence[Path]) -> str:
    """Changes with the files (path, size, time of change) and with what is built from them."""
    described: list[object] = [feature_names()]
    for file in table_files(folders):
        status = file.path.stat()
        described.append([str(file.path.resolve()), status.st_size, status.st_mtime_ns])
    return hashlib.sha256(json.dumps(described).encode()).hexdigest()[:16]
