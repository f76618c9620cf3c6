"""From rows to a data set: reads every image once, and reports what cannot be used."""

import os
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import PurePosixPath, PureWindowsPath
from typing import Final

from vision.ml.datasets.files import Files, UnreadableFileError, plain_name
from vision.ml.datasets.table import Row
from vision.ml.duplicates import duplicate_groups
from vision.ml.images import BrokenImage, ImageCache, OversizedImage
from vision.ml.types import BenchmarkError, Dataset, Item, Problem, ProblemKind, ProgressCallback
from vision.ml.wording import gettext_noop as _

STAGE: Final = "reading images"
#: Rows whose files are read at the same time; bounds the memory, and what is lost when the work is stopped.
_AHEAD: Final = 32


@dataclass(frozen=True, slots=True)
class _Read:
    """What came of one row: its file's hash, or why it has none."""

    sha256: str = ""
    kind: ProblemKind | None = None
    detail: str = ""


def assemble(
    name: str,
    rows: Sequence[Row],
    files: Files,
    prefix: str,
    cache: ImageCache,
    on_progress: ProgressCallback,
    problems: Sequence[Problem] = (),
) -> Dataset:
    """The data set of the rows whose image can be read; every other row becomes a problem, and so do repeated images.

    A row's key is the image's name below ``prefix``; ``problems`` are those of the source as a whole. Names of classes
    that differ only by case, white space or composed accents are one class. Raises BenchmarkError when fewer than two
    classes have images.
    """
    rows, respelled = _with_class_names(rows)
    problems = [*problems]
    kept: list[tuple[int, Row, str]] = []
    outcomes = _outcomes(rows, files, prefix, cache, on_progress)
    for number, (row, outcome) in enumerate(zip(rows, outcomes, strict=True)):
        if outcome.kind is None:
            kept.append((number, row, outcome.sha256))
        else:
            problems.append(Problem(outcome.kind, number, row.key, outcome.detail))
    classes = tuple(sorted({row.class_name for _, row, _ in kept}))
    if len(classes) < 2:
        raise _too_few_classes(name, len(kept), classes, problems)
    numbers = {class_name: number for number, class_name in enumerate(classes)}
    items = tuple(Item(row, r.key, numbers[r.class_name], r.text, sha256) for row, r, sha256 in kept)
    problems += [respelled[row] for row, _, _ in kept if row in respelled]
    problems += _duplicates(items, classes)
    return Dataset(name, classes, items, len(rows), tuple(sorted(problems, key=lambda problem: problem.row)))


def _with_class_names(rows: Sequence[Row]) -> tuple[list[Row], dict[int, Problem]]:
    """The rows with one spelling of each class, the most frequent; and what is to be said of the other spellings."""
    written = [_plain_class(row.class_name) for row in rows]
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    for name in written:
        spellings[name.casefold()][name] += 1
    chosen = {folded: counts.most_common(1)[0][0] for folded, counts in spellings.items()}
    named = [replace(row, class_name=chosen[name.casefold()]) for row, name in zip(rows, written, strict=True)]
    respelled = {
        number: Problem(
            ProblemKind.RESPELLED, number, row.key, f"Its class is written “{name}” and was read as “{row.class_name}”."
        )
        for number, (row, name) in enumerate(zip(named, written, strict=True))
        if name != row.class_name
    }
    return named, respelled


def _plain_class(name: str) -> str:
    """The name with composed accents, single spaces and no invisible characters."""
    visible = (letter for letter in name if unicodedata.category(letter) != "Cf")
    return " ".join(unicodedata.normalize("NFC", "".join(visible)).split())


def _outcomes(
    rows: Sequence[Row], files: Files, prefix: str, cache: ImageCache, on_progress: ProgressCallback
) -> Iterator[_Read]:
    """What came of each row, in their order; a few are read at the same time."""

    def read(row: Row) -> _Read:
        return _read(row, files, prefix, cache)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for start in range(0, len(rows), _AHEAD):
            for done, outcome in enumerate(pool.map(read, rows[start : start + _AHEAD]), start + 1):
                on_progress(done, len(rows), STAGE)
                yield outcome


def _read(row: Row, files: Files, prefix: str, cache: ImageCache) -> _Read:
    if row.fault or not row.class_name:
        return _Read(kind=ProblemKind.UNLABELLED, detail=row.fault or "It has no class.")
    path = PurePosixPath(plain_name(row.key))
    if path.is_absolute() or PureWindowsPath(row.key).is_absolute() or ".." in path.parts:
        return _Read(kind=ProblemKind.MISSING, detail="The name leads out of the images' folder.")
    try:
        return _Read(cache.add(files.read(prefix + row.key)))
    except KeyError:
        return _Read(kind=ProblemKind.MISSING, detail="The file is not there.")
    except OversizedImage as error:
        return _Read(kind=ProblemKind.OVERSIZED, detail=str(error))
    except (BrokenImage, UnreadableFileError) as error:
        return _Read(kind=ProblemKind.BROKEN, detail=str(error))


def _duplicates(items: tuple[Item, ...], classes: tuple[str, ...]) -> list[Problem]:
    """One finding for each image that repeats an earlier one."""
    found = []
    for first, *others in duplicate_groups(items):
        for item in (items[position] for position in others):
            detail = f"The same bytes as {items[first].key}."
            if item.label != items[first].label:
                detail = f"The same bytes as {items[first].key}, which is labelled {classes[items[first].label]}."
            found.append(Problem(ProblemKind.DUPLICATE, item.row, item.key, detail))
    return found


def _too_few_classes(name: str, images: int, classes: Sequence[str], problems: Sequence[Problem]) -> BenchmarkError:
    counts = {"name": name, "images": images, "classes": len(classes)}
    problems = [problem for problem in problems if problem.kind is not ProblemKind.PARTS]
    if not problems:
        return BenchmarkError(
            _("{name}: {images} images of {classes} classes could be read; two classes are needed."), **counts
        )
    return BenchmarkError(
        _(
            "{name}: {images} images of {classes} classes could be read; two classes are needed. The first problem is "
            "{file}: {problem}"
        ),
        **counts,
        file=problems[0].key,
        problem=problems[0].detail,
    )
