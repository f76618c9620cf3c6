"""Features of clients: built from the tables, or rebuilt from stored ones when an application changes."""

from collections.abc import Callable
from typing import Final

import polars as pl

from credit.ml.columns import CLIENT_ID
from credit.ml.features import (
    bureau,
    credit_card_balance,
    installments_payments,
    pos_cash_balance,
    previous_application,
)
from credit.ml.features.aggregation import Aggregate
from credit.ml.features.application import (
    APPLICATION_FEATURES,
    application_features,
    clean_applications,
    finite,
)
from credit.ml.features.cross import CROSS
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


def feature_names() -> tuple[str, ...]:
    """The columns of ``build_features`` after SK_ID_CURR, in order; they never depend on the data."""
    return (*APPLICATION_FEATURES, *SIDE_FEATURES, *CROSS)


def build_features(tables: Tables, on_progress: ProgressCallback) -> pl.DataFrame:
    """SK_ID_CURR and ``feature_names()`` as Float32, one row per application, sorted by SK_ID_CURR."""
    applications = tables.application.collect(engine="streaming").sort(CLIENT_ID)
    return assemble(applications, side_features(tables, applications.select(CLIENT_ID), on_progress))


def side_features(tables: Tables, clients: pl.DataFrame, on_progress: ProgressCallback) -> pl.DataFrame:
    """SK_ID_CURR and SIDE_FEATURES of ``clients`` (one column, SK_ID_CURR) in their order; one table at a time."""
    parts = [clients]
    for done, (table, builder) in enumerate(_BUILDERS.items()):
        on_progress(done, len(_BUILDERS), table)
        parts.append(finite(builder(tables, clients)))
    on_progress(len(_BUILDERS), len(_BUILDERS), "")
    return pl.concat(parts, how="horizontal")


def assemble(applications: pl.DataFrame, side: pl.DataFrame) -> pl.DataFrame:
    """All features of raw applications and of the side features of the same clients, row by row."""
    side_columns = side.select(SIDE_FEATURES)
    cross = (
        clean_applications(applications)
        .hstack(side_columns)
        .select(expression.alias(name) for name, expression in CROSS.items())
    )
    return pl.concat([application_features(applications), side_columns, finite(cross)], how="horizontal")


def rebuild(applications: pl.DataFrame, features: pl.DataFrame) -> pl.DataFrame:
    """The features of changed applications, from the stored features of the same clients.

    ``features`` has a row for each client of ``applications``; the result is in the order of ``applications`` and is
    bit-equal to ``features`` where an application did not change.
    """
    side = applications.select(CLIENT_ID).join(
        features.select(CLIENT_ID, *SIDE_FEATURES), CLIENT_ID, how="left", maintain_order="left"
    )
    return assemble(applications, side)
