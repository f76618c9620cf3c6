"""The rows of a source with a folder of images per class, perhaps below folders that are not classes."""

import re
from collections.abc import Collection, Sequence
from pathlib import PurePosixPath
from typing import Final

from vision.ml.datasets.table import Row
from vision.ml.types import BenchmarkError, Problem, ProblemKind
from vision.ml.wording import gettext_noop as _

_SUFFIXES: Final = (
    ".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".heic", ".avif", ".jp2"
)  # fmt: skip
#: What the folders of a split are called, by the part that they hold.
_PART_NAMES: Final = {
    "train": "train training trainset trainval entrainement entraînement apprentissage",
    "validation": "val valid validation valset dev devel",
    "test": "test tests testing testset holdout eval evaluation évaluation",
    "unlabelled": "pred predict prediction predictions unlabeled unlabelled",
}
_PARTS: Final = {name: part for part, names in _PART_NAMES.items() for name in names.split()}
_WORD: Final = re.compile(r"[^\W\d_]+")


def class_folder_rows(names: Sequence[str]) -> tuple[list[Row], str, list[Problem]]:
    """A row per file of a class folder, the prefix of their names, and what should be known of the folders.

    Folders that only wrap the class folders are passed through, and so are those of a split such as train and test.
    Images outside of class folders become rows at fault. Raises BenchmarkError where some folders look like a split.
    """
    paths = [PurePosixPath(name) for name in names]
    images = [path for path in paths if path.suffix.lower() in _SUFFIXES] or paths
    depth, wrappers = 0, 0
    problems: list[Problem] = []
    while folders := {path.parts[depth] for path in images if len(path.parts) > depth + 1}:
        if _is_split(folders):
            detail = "Read as parts of a split: the classes are the folders below."
            problems = problems or [Problem(ProblemKind.PARTS, 0, ", ".join(sorted(folders)), detail)]
        elif len(folders) == 1 and all(len(path.parts) > depth + 2 for path in images):
            wrappers += not problems
        else:
            _refuse_mixture(folders, {path.parts[depth] for path in images if len(path.parts) > depth + 2})
            break
        depth += 1
    wrapper = images[0].parts[:wrappers] if images else ()
    rows = []
    for path in paths:
        key = str(PurePosixPath(*path.parts[wrappers:]))
        if path.parts[:wrappers] == wrapper and len(path.parts) > depth + 1:
            rows.append(Row(key, path.parts[depth]))
        elif path.suffix.lower() in _SUFFIXES:
            rows.append(Row(key, "", fault="It lies in no class folder."))
    return rows, "".join(f"{part}/" for part in wrapper), problems


def _part_of(folder: str) -> tuple[str, str] | None:
    """The part of a split that a folder holds, and the other words of its name; None if it holds none."""
    words = _WORD.findall(folder.casefold())
    place = next((place for place, word in enumerate(words) if word in _PARTS), None)
    return None if place is None else (_PARTS[words[place]], " ".join(words[:place] + words[place + 1 :]))


def _is_split(folders: Collection[str]) -> bool:
    """Whether they hold different parts and their names differ by nothing else, as ``seg_train`` and ``seg_test``."""
    parts = {_part_of(folder) for folder in folders}
    known = {part for part in parts if part}
    return len(known) == len(parts) > 1 and len({rest for _, rest in known}) == 1


def _refuse_mixture(folders: Collection[str], with_folders: Collection[str]) -> None:
    parts = sorted(folder for folder in with_folders if _part_of(folder))
    if _is_split(parts):
        raise BenchmarkError(
            _("The folders {parts} look like the parts of a split, but {others} does not. Import the parts alone."),
            parts=", ".join(parts),
            others=", ".join(sorted(set(folders) - set(parts))),
        )
