"""The categories of a model trained on a DataFrame: LightGBM reads their numbers, tables hold the values themselves."""

import math
import re
from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from credit.ml import levels
from credit.ml.model.trees import InvalidModel
from credit.ml.records import InvalidRecord, read_json

#: The categories of one column in the order of their numbers: all texts or all numbers (a truth value is 0 or 1).
Levels: TypeAlias = tuple[str, ...] | tuple[float, ...]

_LISTS: Final = "pandas_categorical:"
_COLUMNS: Final = re.compile(r"\[categorical_feature: ([0-9]+(?:,[0-9]+)*)\]")
_SHOWN: Final = 5
_LARGEST: Final = 2**53  # whole numbers beyond it are not exact


def read_levels(lines: Sequence[str], names: Sequence[str], infos: Sequence[str]) -> dict[str, Levels]:
    """The categories of each column of a DataFrame's type "category", from the lines behind the trees.

    The lists are in the order of the columns, which the text names in its parameters only; ``infos`` are its
    feature_infos. Raises InvalidModel where it is not certain which list belongs to which column.
    """
    written = [line for line in lines if line.startswith(_LISTS)]
    if len(written) > 1 or (written and written[0] != next(line for line in reversed(lines) if line)):
        raise InvalidModel("malformed_categories", _LISTS)
    try:
        lists = (read_json(written[0].removeprefix(_LISTS).encode()) if written else None) or []
    except InvalidRecord as error:
        raise InvalidModel("malformed_categories", _LISTS) from error
    if not isinstance(lists, list) or not all(isinstance(values, list) for values in lists):
        raise InvalidModel("malformed_categories", _LISTS)
    columns = _columns(lines, infos) if lists else []
    if len(columns) != len(lists) or any(column >= len(names) for column in columns):
        shown = "; ".join(_shown(values) for values in lists[: 2 * _SHOWN])
        named = ", ".join(names[column] for column in columns if column < len(names))
        raise InvalidModel("unclear_categories", f"{shown} / {named or '–'}")
    found = {}
    for column, values in zip(columns, lists, strict=True):
        if _largest_code(infos[column]) >= len(values):
            raise InvalidModel("unclear_categories", f"{_shown(values)} / {names[column]}")
        found[names[column]] = _levels(names[column], values)
    return found


def vocabulary(column: str, texts: Sequence[object]) -> tuple[str, ...]:
    """The texts whose positions stand for them in stored features: ours first, then the model's others."""
    ours = levels.APPLICATION.get(column, ())
    return (*ours, *(text for text in texts if isinstance(text, str) and text not in ours))


class Lookup:
    """From the stored values of a column to the numbers of the model's categories."""

    def __init__(self, column: str, values: Levels) -> None:
        places = {text: place for place, text in enumerate(vocabulary(column, values))}
        stored = [places[value] if isinstance(value, str) else value for value in values]
        self._codes = np.argsort(stored)
        self._stored = np.array(stored, dtype=np.float64)[self._codes]

    def __call__(self, values: NDArray[np.floating]) -> NDArray[np.float64]:
        """The number of each value's category, NaN for a blank and for what is not a category, as in LightGBM."""
        stored = self._stored.astype(values.dtype)
        places = np.minimum(np.searchsorted(stored, values), len(stored) - 1)
        return np.where(stored[places] == values, self._codes[places], np.nan)


def unknown_values(lookups: Mapping[int, Lookup], matrix: NDArray[np.floating]) -> dict[int, NDArray[np.floating]]:
    """The values of each column with categories that are not among them, one for each row."""
    return {
        column: matrix[np.isnan(lookup(matrix[:, column])) & ~np.isnan(matrix[:, column]), column]
        for column, lookup in lookups.items()
    }


def _columns(lines: Sequence[str], infos: Sequence[str]) -> list[int]:
    """The columns that are categories: those of the parameters, else those whose values the header lists."""
    parameters = [line for line in lines if line.startswith("[categorical_feature: ")]
    if len(parameters) == 1 and (named := _COLUMNS.fullmatch(parameters[0])):
        return sorted({int(column) for column in named[1].split(",")})
    return [column for column, info in enumerate(infos) if not info.startswith("[") and info != "none"]


def _levels(name: str, values: list[object]) -> Levels:
    texts = tuple(value for value in values if isinstance(value, str))
    numbers = tuple(float(value) for value in values if isinstance(value, int | float) and abs(value) <= _LARGEST)
    found: Levels = texts or numbers
    if not values or len(set(found)) != len(values):
        raise InvalidModel("odd_categories", f"{name}: {_shown(values)}")
    return found


def _largest_code(info: str) -> float:
    """The largest category number in a column's feature_info such as "-1:0:2"; that of a range is its end."""
    parts = info.strip("[]").split(":")
    try:
        return max((float(part) for part in parts if part != "none"), default=-1.0)
    except ValueError:
        return math.inf


def _shown(values: object) -> str:
    listed = values if isinstance(values, list) else [values]
    shown = ", ".join(str(value)[:40] for value in listed[:_SHOWN])
    return shown + (", …" if len(listed) > _SHOWN else "")
