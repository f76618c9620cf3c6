"""Data sets from a CSV file with images, or from a folder per class; in a folder or in a zip archive."""

from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from vision.ml.datasets.assembly import assemble
from vision.ml.datasets.class_folders import class_folder_rows
from vision.ml.datasets.files import FolderFiles, open_files, plain_name, read_file
from vision.ml.datasets.shapes import CsvShape
from vision.ml.datasets.table import Row, read_rows
from vision.ml.images import ImageCache
from vision.ml.types import BenchmarkError, Dataset, ProgressCallback
from vision.ml.wording import gettext_noop as _


def read_dataset(
    source: Path, cache: ImageCache, *, name: str = "", shape: CsvShape | None = None, on_progress: ProgressCallback
) -> Dataset:
    """The data set in a folder or zip archive: with a CSV file of rows, or else with a folder per class.

    The images may lie in any folder beside the CSV file; the one that holds the first rows' images is taken.
    """
    files = open_files(source)
    names = files.names()
    tables = [found for found in names if found.lower().endswith(".csv")]
    name = name or source.stem
    if not tables:
        return read_folder_dataset(source, cache, name=name, on_progress=on_progress)
    if len(tables) > 1:
        raise BenchmarkError(
            _("{name} holds several CSV files, one is needed: {files}."), name=source.name, files=", ".join(tables[:5])
        )
    rows = read_rows(files.read(tables[0]), shape)
    return assemble(name, rows, files, _images_prefix(rows, names), cache, on_progress)


def read_csv_dataset(
    csv_path: Path,
    images_folder: Path,
    cache: ImageCache,
    *,
    shape: CsvShape | None = None,
    name: str = "",
    on_progress: ProgressCallback,
) -> Dataset:
    """The data set of a CSV file whose images lie in a folder; the shape is detected when none is given."""
    rows = read_rows(read_file(csv_path), shape)
    return assemble(name or csv_path.stem, rows, FolderFiles(images_folder), "", cache, on_progress)


def read_folder_dataset(folder: Path, cache: ImageCache, *, name: str = "", on_progress: ProgressCallback) -> Dataset:
    """The data set of a folder (or zip archive) that holds a folder of images per class; texts are blank."""
    files = open_files(folder)
    rows, prefix, notes = class_folder_rows(files.names())
    return assemble(name or folder.stem, rows, files, prefix, cache, on_progress, notes)


def _images_prefix(rows: Sequence[Row], names: Sequence[str]) -> str:
    """The folder, with its ``/``, below which the rows' keys are found."""
    by_ending: dict[str, str] = {}
    for name in names:
        by_ending.setdefault(PurePosixPath(name).name, name)
    for row in rows:
        key = plain_name(row.key)
        name = by_ending.get(PurePosixPath(key).name, "")
        if key and name.endswith(key):
            return name.removesuffix(key)
    return ""
