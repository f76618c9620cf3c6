"""A raw application as a vector of float64, for storage, and back without loss."""

from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from credit.ml.columns import APPLICATION, CATEGORIES, CLIENT_ID

#: A value of one column of an application: a number, a level of CATEGORIES, None for a blank.
RawValue = float | int | str | None
#: The positions of the vector: all columns of an application but its identifier.
COLUMNS: Final = tuple(name for name in APPLICATION.columns if name != CLIENT_ID)

_WHOLE: Final = frozenset(name for name in COLUMNS if APPLICATION.columns[name].is_integer())


def encode(applications: pl.DataFrame) -> npt.NDArray[np.float64]:
    """The applications as rows of COLUMNS: text as its code in CATEGORIES, blanks as NaN.  # (N, 120)

    Raises ValueError for a level that CATEGORIES does not list, or for a whole number beyond 2**53.
    """
    matrix = np.empty((applications.height, len(COLUMNS)))  # (N, 120)
    for position, name in enumerate(COLUMNS):
        column = applications[name]
        if name in CATEGORIES:
            column = _codes(column, CATEGORIES[name])
        elif column.dtype.is_integer() and bool((column.abs() > 2**53).any()):
            raise ValueError(f"{name}: a whole number is too large for float64")
        matrix[:, position] = column.cast(pl.Float64).to_numpy()
    return matrix


def decode(matrix: npt.NDArray[np.float64], client_ids: npt.ArrayLike) -> pl.DataFrame:
    """The raw applications, typed per APPLICATION, that ``encode`` turned into ``matrix``.  # (N, 120) -> N rows"""
    columns = [pl.Series(CLIENT_ID, np.asarray(client_ids, np.int64))]
    for position, name in enumerate(COLUMNS):
        values = pl.Series(name, matrix[:, position], nan_to_null=True)
        if name in CATEGORIES:
            levels = pl.Series(CATEGORIES[name], dtype=pl.String)
            columns.append(levels.gather(values.cast(pl.UInt32)).alias(name))
        else:
            columns.append(values.cast(APPLICATION.columns[name]))
    return pl.DataFrame(columns)


def decode_one(vector: npt.NDArray[np.float64], client_id: int) -> dict[str, RawValue]:
    """One raw application by column, as ``decode`` gives it, without the cost of a table.  # (120,)"""
    values = {name: raw_value(name, code) for name, code in zip(COLUMNS, vector.tolist(), strict=True)}
    return {CLIENT_ID: client_id, **values}


def raw_value(column: str, code: float) -> RawValue:
    """What the number of a vector stands for in its column; None for NaN."""
    if code != code:
        return None
    if column in CATEGORIES:
        return CATEGORIES[column][int(code)]
    return int(code) if column in _WHOLE else code


def _codes(column: pl.Series, levels: tuple[str, ...]) -> pl.Series:
    try:
        return column.cast(pl.Enum(levels)).to_physical()
    except pl.exceptions.InvalidOperationError as error:
        unknown = column.filter(column.is_not_null() & ~column.is_in(levels)).first()
        raise ValueError(f"{column.name}: unknown level {unknown!r}") from error
