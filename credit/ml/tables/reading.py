"""Typed lazy tables over the files of one or more folders."""

from dataclasses import dataclass

import polars as pl

from credit.ml import columns
from credit.ml.columns import CLIENT_ID, TARGET, TableSchema
from credit.ml.tables.checks import Inspection
from credit.ml.tables.files import APPLICATION_TEST, APPLICATION_TRAIN, IDENTITIES
from credit.ml.tables.limits import IDENTIFYING


@dataclass(frozen=True, slots=True)
class Tables:
    """The seven tables, typed per ``columns``; ``application`` has TARGET, null where unknown."""

    application: pl.LazyFrame
    bureau: pl.LazyFrame
    bureau_balance: pl.LazyFrame
    previous_application: pl.LazyFrame
    pos_cash_balance: pl.LazyFrame
    installments_payments: pl.LazyFrame
    credit_card_balance: pl.LazyFrame


def open_tables(inspection: Inspection) -> Tables:
    """The tables of all folders together, still unread; of a row that occurs twice, the first."""
    train = _scan(inspection, APPLICATION_TRAIN)
    test = _scan(inspection, APPLICATION_TEST).with_columns(pl.lit(None, pl.Int8).alias(TARGET))
    order = [CLIENT_ID, TARGET, *list(columns.APPLICATION.columns)[1:]]
    return Tables(
        application=pl.concat([train.select(order), test.select(order)]),
        bureau=_scan(inspection, columns.BUREAU),
        bureau_balance=_scan(inspection, columns.BUREAU_BALANCE),
        previous_application=_scan(inspection, columns.PREVIOUS_APPLICATION),
        pos_cash_balance=_scan(inspection, columns.POS_CASH_BALANCE),
        installments_payments=_scan(inspection, columns.INSTALLMENTS_PAYMENTS),
        credit_card_balance=_scan(inspection, columns.CREDIT_CARD_BALANCE),
    )


def read_identities(inspection: Inspection) -> pl.DataFrame:
    """SK_ID_CURR, FIRST_NAME, LAST_NAME, AGENCY of all rows of ``identities.csv``, trimmed; empty without the file."""
    texts = pl.col(pl.String).str.strip_chars()
    return _scan(inspection, IDENTITIES).with_columns(texts).collect()


def _scan(inspection: Inspection, schema: TableSchema) -> pl.LazyFrame:
    frames = [source.scan() for source in inspection.sources if source.schema == schema]
    if not frames:
        return pl.LazyFrame(schema=schema.columns)
    rows = pl.concat(frames)
    if schema.name in inspection.repeated:
        return rows.unique(IDENTIFYING[schema.name], keep="first", maintain_order=True)
    return rows
