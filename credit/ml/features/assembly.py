"""Features of clients: built from the tables, or rebuilt from stored ones when an application changes."""

from collections.abc import Callable
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from credit.ml.application import encode
from credit.ml.columns import CLIENT_ID
from credit.ml.features import (
    bureau,
    credit_card_balance,
    installments_payments,
    pos_cash_balance,
    previous_application,
)
from credit.ml.features.aggregation import Aggregate
from credit.ml.features.application import APPLICATION_FEATURES, application_columns, application_values
from credit.ml.features.arrays import to_float32
from credit.ml.features.cross import CROSS_FEATURES, CROSS_INPUTS, cross_values
from credit.ml.progress import ProgressCallback
from credit.ml.tables import Tables

_Builder = Callable[[Tables, pl.DataFrame], pl.DataFrame]
_BUILDERS: Final[dict[str, _Builder]] = {
    "bureau": bureau.bureau_features,
    "previous_application": previous_application.previous_application_features,
    "POS_CASH_balance": pos_cash_balance.pos_cash_balance_features,
    "installments_payments": installments_payments.installments_payments_features,
    "credit_card_balance": credit_card_balance.credit_card_balance_features,
}
#: The engineered features of the side tables, with the parts of their names.
SIDE_AGGREGATES: Final[tuple[Aggregate, ...]] = (
    *bureau.FEATURES,
    *previous_application.FEATURES,
    *pos_cash_balance.FEATURES,
    *installments_payments.FEATURES,
    *credit_card_balance.FEATURES,
)
SIDE_FEATURES: Final = tuple(feature.name for feature in SIDE_AGGREGATES)
_NAMES: Final = (*APPLICATION_FEATURES, *SIDE_FEATURES, *CROSS_FEATURES)
_CROSS_POSITIONS: Final = {name: _NAMES.index(name) for name in CROSS_INPUTS}


def feature_names() -> tuple[str, ...]:
    """The columns of ``build_features`` after SK_ID_CURR, in order; they never depend on the data."""
    return _NAMES


def build_features(tables: Tables, on_progress: ProgressCallback) -> pl.DataFrame:
    """SK_ID_CURR and ``feature_names()`` as Float32, one row per application, sorted by SK_ID_CURR.

    A blank is null. ``tables`` must have passed ``check_folders``; an unknown category raises ValueError.
    """
    applications = tables.application.collect(engine="streaming").sort(CLIENT_ID)
    return assemble(applications, side_features(tables, applications.select(CLIENT_ID), on_progress))


def application_features(applications: pl.DataFrame) -> pl.DataFrame:
    """SK_ID_CURR and APPLICATION_FEATURES as Float32, in the order of the rows."""
    values = application_values(application_columns(encode(applications)))
    return applications.select(CLIENT_ID).hstack(_frame(values, applications.height))


def side_features(tables: Tables, clients: pl.DataFrame, on_progress: ProgressCallback) -> pl.DataFrame:
    """SK_ID_CURR and SIDE_FEATURES of ``clients`` (one column, SK_ID_CURR) in their order; one table at a time."""
    parts = [clients]
    for done, (table, builder) in enumerate(_BUILDERS.items()):
        on_progress(done, len(_BUILDERS), table)
        values = builder(tables, clients)
        parts.append(values.select(pl.when(pl.all().is_finite()).then(pl.all())))
    on_progress(len(_BUILDERS), len(_BUILDERS), "")
    return pl.concat(parts, how="horizontal")


def assemble(applications: pl.DataFrame, side: pl.DataFrame) -> pl.DataFrame:
    """All features of raw applications and of the side features of the same clients, row by row."""
    columns = application_columns(encode(applications))
    inputs = {name: side[name].cast(pl.Float64).to_numpy() for name in CROSS_INPUTS}
    parts = [
        applications.select(CLIENT_ID),
        _frame(application_values(columns), applications.height),
        side.select(SIDE_FEATURES),
        _frame(cross_values(columns, inputs), applications.height),
    ]
    return pl.concat(parts, how="horizontal")


def rebuild_matrix(raw: npt.NDArray[np.float64], features: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """The features of changed applications, from the stored features of the same clients, row by row.

    ``raw`` (N, 120) is as ``credit.ml.application.encode`` makes it, ``features`` (N, F) in the order of
    ``feature_names()`` with NaN for a blank. Equal to ``features`` to the bit where an application did not change.
    """
    rows = len(raw)
    columns = application_columns(raw)
    side = {name: features[:, position].astype(np.float64) for name, position in _CROSS_POSITIONS.items()}
    rebuilt = features.copy()  # (N, F)
    rebuilt[:, : len(APPLICATION_FEATURES)] = to_float32(application_values(columns).values(), rows)
    rebuilt[:, -len(CROSS_FEATURES) :] = to_float32(cross_values(columns, side).values(), rows)
    return rebuilt


def rebuild(applications: pl.DataFrame, features: pl.DataFrame) -> pl.DataFrame:
    """``rebuild_matrix`` for frames: the features of changed applications, in the order of ``applications``.

    ``features`` has a row for each client of ``applications``; KeyError where it has none.
    """
    stored = applications.select(CLIENT_ID).join(features, CLIENT_ID, how="left", maintain_order="left")
    known = applications[CLIENT_ID].is_in(features[CLIENT_ID].implode())
    if not known.all():
        raise KeyError(int(applications[CLIENT_ID].filter(~known)[0]))
    return assemble(applications, stored)


def _frame(values: dict[str, npt.NDArray[np.float64]], rows: int) -> pl.DataFrame:
    matrix = to_float32(values.values(), rows)  # (N, columns), one column contiguous
    return pl.DataFrame([pl.Series(name, matrix[:, k], nan_to_null=True) for k, name in enumerate(values)])
