"""What people and programs give for an application, one value at a time: checked, and turned into a vector."""

import math
from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np
import numpy.typing as npt

from credit.ml.application import COLUMNS, RawValue
from credit.ml.columns import APPLICATION, CATEGORIES, DAYS_SENTINEL, LARGEST_NUMBER

POSITIONS: Final = {name: position for position, name in enumerate(COLUMNS)}
#: A file must give most of these before its score means anything. Source: the
#: inputs of an application that move the probability most (mean |contribution| of the trained model), without those
#: that no borrower or advisor could know.
MAIN_INPUTS: Final = (
    "AMT_CREDIT",
    "AMT_ANNUITY",
    "AMT_GOODS_PRICE",
    "AMT_INCOME_TOTAL",
    "DAYS_EMPLOYED",
    "OCCUPATION_TYPE",
    "DAYS_BIRTH",
    "NAME_EDUCATION_TYPE",
    "NAME_FAMILY_STATUS",
    "EXT_SOURCE_1",
    "EXT_SOURCE_2",
    "EXT_SOURCE_3",
)
#: Lowest and highest value by the beginning of a column's name; the first that fits counts.
_BOUNDS: Final = (
    ("DAYS_BIRTH", -44_000.0, -5_500.0),  # 15 to 120 years of age
    ("DAYS_", -44_000.0, 0.0),
    ("AMT_REQ_", 0.0, 1_000.0),
    ("AMT_", 0.0, LARGEST_NUMBER),
    ("CNT_FAM_MEMBERS", 1.0, 50.0),
    ("CNT_", 0.0, 50.0),
    ("OBS_", 0.0, 1_000.0),
    ("DEF_", 0.0, 1_000.0),
    ("EXT_SOURCE_", 0.0, 1.0),
    ("FLAG_", 0.0, 1.0),
    ("REG_", 0.0, 1.0),
    ("LIVE_", 0.0, 1.0),
    ("REGION_RATING_", -1.0, 3.0),  # -1 is once in the published data
    ("OWN_CAR_AGE", 0.0, 100.0),
    ("HOUR_", 0.0, 23.0),
)


class WrongInput(ValueError):  # noqa: N818 - the name says what happened
    """A value is not allowed in its column; ``code`` says why.

    Codes: unknown_column, unknown_level, not_a_number, not_finite, not_whole, out_of_bounds; in simulations also
    not_simulable, blank, out_of_range.
    """

    def __init__(self, column: str, code: str, value: object) -> None:
        super().__init__(f"{column}: {value!r} ({code})")
        self.column = column
        self.code = code
        self.value = str(value)[:80]


def to_code(column: str, value: RawValue) -> float:
    """The number that a vector holds for a value of one column, NaN for a blank; raises WrongInput."""
    if column not in POSITIONS:
        raise WrongInput(column, "unknown_column", value)
    if value is None or value == "" or (isinstance(value, float) and math.isnan(value)):
        return math.nan
    if column in CATEGORIES:
        if not isinstance(value, str) or value not in CATEGORIES[column]:
            raise WrongInput(column, "unknown_level", value)
        return float(CATEGORIES[column].index(value))
    return _to_number(column, value)


def to_vector(values: Mapping[str, RawValue]) -> npt.NDArray[np.float64]:
    """An application with these values and blanks elsewhere, as ``credit.ml.application.encode`` makes it.  # (120,)

    Raises WrongInput for the first value that cannot be.
    """
    return changed(np.full(len(COLUMNS), np.nan), {name: to_code(name, value) for name, value in values.items()})


def changed(raw: npt.NDArray[np.float64], codes: Mapping[str, float]) -> npt.NDArray[np.float64]:
    """A copy of an application (120,) with other numbers in some columns.  # (120,)"""
    vector = raw.copy()
    for name, code in codes.items():
        vector[POSITIONS[name]] = code
    return vector


def missing_inputs(raw: npt.NDArray[np.float64]) -> tuple[str, ...]:
    """The MAIN_INPUTS that an application (120,) leaves blank."""
    return tuple(name for name in MAIN_INPUTS if math.isnan(raw[POSITIONS[name]]))


def completeness(raw: npt.NDArray[np.float64]) -> float:
    """The share of MAIN_INPUTS that an application (120,) gives, in 0..1."""
    return 1 - len(missing_inputs(raw)) / len(MAIN_INPUTS)


def is_whole(column: str) -> bool:
    """Whether the column holds whole numbers only."""
    return APPLICATION.columns[column].is_integer()


def bounds(column: str) -> tuple[float, float]:
    """The lowest and the highest number allowed in a column."""
    return next(
        ((low, high) for beginning, low, high in _BOUNDS if column.startswith(beginning)),
        (-LARGEST_NUMBER, LARGEST_NUMBER),
    )


def given(columns: Iterable[str], raw: npt.NDArray[np.float64]) -> dict[str, float]:
    """The numbers of some columns of an application (120,), by name."""
    return {name: float(raw[POSITIONS[name]]) for name in columns}


def _to_number(column: str, value: float | int | str) -> float:
    try:
        number = float(value)
    except (ValueError, OverflowError):
        raise WrongInput(column, "not_a_number", value) from None
    if isinstance(value, str) and ("_" in value or not value.isascii()):  # Python reads 1_000 and １２
        raise WrongInput(column, "not_a_number", value)
    if not math.isfinite(number):
        raise WrongInput(column, "not_finite", value)
    if is_whole(column) and number != int(number):
        raise WrongInput(column, "not_whole", value)
    low, high = bounds(column)
    is_sentinel = column == "DAYS_EMPLOYED" and number == DAYS_SENTINEL
    if not (low <= number <= high or is_sentinel):
        raise WrongInput(column, "out_of_bounds", value)
    return number
