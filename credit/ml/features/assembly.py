"""Features of clients: built from the tables, or rebuilt from stored ones when an application changes."""

from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from credit.ml.application import encode
from credit.ml.columns import CLIENT_ID
from credit.ml.features.aggregation import aggregate
from credit.ml.features.application import APPLICATION_FEATURES, application_columns, application_values
from credit.ml.features.arrays import to_float32
from credit.ml.features.bureau import BUREAU_TABLE
from credit.ml.features.credit_card_balance import CREDIT_CARD_BALANCE_TABLE
from credit.ml.features.cross import CROSS_FEATURES, CROSS_INPUTS, cross_values
from credit.ml.features.installments_payments import INSTALLMENTS_PAYMENTS_TABLE
from credit.ml.features.pos_cash_balance import POS_CASH_BALANCE_TABLE
from credit.ml.features.previous_application import PREVIOUS_APPLICATION_TABLE
from credit.ml.progress import ProgressCallback
from credit.ml.tables import Tables

_SIDE_TABLES: Final = (
    BUREAU_TABLE,
    PREVIOUS_APPLICATION_TABLE,
    POS_CASH_BALANCE_TABLE,
    INSTALLMENTS_PAYMENTS_TABLE,
    CREDIT_CARD_BALANCE_TABLE,
)
#: The engineered features of the side tables, with the parts of their names.
SIDE_AGGREGATES: Final = tuple(feature for table in _SIDE_TABLES for feature in table.features)
SIDE_FEATURES: Final = tuple(feature.name for feature in SIDE_AGGREGATES)
_NAMES: Final = (*APPLICATION_FEATURES, *SIDE_FEATURES, *CROSS_FEATURES)
_CROSS_POSITIONS: Final = {name: _NAMES.index(name) for name in CROSS_INPUTS}


def feature_names() -> tuple[str, ...]:
    """The columns of ``build_features`` after SK_ID_CURR, in order, whatever the data."""
    return _NAMES


def build_features(tables: Tables, on_progress: ProgressCallback) -> pl.DataFrame:
    """SK_ID_CURR and ``feature_names()`` as Float32, one row per application, sorted by SK_ID_CURR.

    A blank is null. ``tables`` must have passed ``check_folders``; an unknown category raises ValueError.
    """
    applications = tables.application.collect(engine="streaming").sort(CLIENT_ID)
    clients = applications.select(CLIENT_ID)
    side = side_features(tables, clients, on_progress)
    columns = application_columns(encode(applications))
    inputs = {name: side[name].cast(pl.Float64).to_numpy() for name in CROSS_INPUTS}
    parts = [clients, _frame(application_values(columns)), side, _frame(cross_values(columns, inputs))]
    return pl.concat(parts, how="horizontal")


def side_features(tables: Tables, clients: pl.DataFrame, on_progress: ProgressCallback) -> pl.DataFrame:
    """SIDE_FEATURES of ``clients`` (one column, SK_ID_CURR) in their order, one table at a time."""
    parts = []
    for done, table in enumerate(_SIDE_TABLES):
        on_progress(done, len(_SIDE_TABLES), table.name)
        values = aggregate(table, tables, clients)
        parts.append(values.select(pl.when(pl.all().is_finite()).then(pl.all())))
    on_progress(len(_SIDE_TABLES), len(_SIDE_TABLES), "")
    return pl.concat(parts, how="horizontal")


def rebuild_matrix(raw: npt.NDArray[np.float64], features: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """The features of changed applications, from the stored features of the same clients, row by row.

    ``raw`` (N, 120) comes from ``credit.ml.application.encode``; ``features`` (N, F) are in the order of
    ``feature_names()``, NaN for a blank. Equal to ``features`` to the bit where an application has not changed.
    """
    columns = application_columns(raw)
    side = {name: features[:, position].astype(np.float64) for name, position in _CROSS_POSITIONS.items()}
    rebuilt = features.copy()  # (N, F)
    rebuilt[:, : len(APPLICATION_FEATURES)] = to_float32(application_values(columns).values())
    rebuilt[:, -len(CROSS_FEATURES) :] = to_float32(cross_values(columns, side).values())
    return rebuilt


def _frame(values: dict[str, npt.NDArray[np.float64]]) -> pl.DataFrame:
    matrix = to_float32(values.values())  # (N, columns), one column contiguous
    return pl.DataFrame([pl.Series(name, matrix[:, k], nan_to_null=True) for k, name in enumerate(values)])
