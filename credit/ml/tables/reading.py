"""Typed lazy tables over the files of one or more folders."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from credit.ml import columns
from credit.ml.columns import CLIENT_ID, TARGET, TableSchema
from credit.ml.tables.files import APPLICATION_TEST, APPLICATION_TRAIN, IDENTITIES, paths_of


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


def open_folders(folders: Sequence[Path]) -> Tables:
    """The tables of all folders together, still unread; call ``check_folders`` first."""
    train = _scan(folders, APPLICATION_TRAIN)
    test = _scan(folders, APPLICATION_TEST).with_columns(pl.lit(None, pl.Int8).alias(TARGET))
    order = [CLIENT_ID, TARGET, *list(columns.APPLICATION.columns)[1:]]
    return Tables(
        application=pl.concat([train.select(order), test.select(order)]),
        bureau=_scan(folders, columns.BUREAU),
        bureau_balance=_scan(folders, columns.BUREAU_BALANCE),
        previous_application=_scan(folders, columns.PREVIOUS_APPLICATION),
        pos_cash_balance=_scan(folders, columns.POS_CASH_BALANCE),
        installments_payments=_scan(folders, columns.INSTALLMENTS_PAYMENTS),
        credit_card_balance=_scan(folders, columns.CREDIT_CARD_BALANCE),
    )


def read_identities(folders: Sequence[Path]) -> pl.DataFrame:
    """SK_ID_CURR, FIRST_NAME, LAST_NAME, AGENCY of ``identities.csv``, trimmed; empty without the file."""
    texts = pl.col(pl.String).str.strip_chars()
    return _scan(folders, IDENTITIES).with_columns(texts).unique(CLIENT_ID, keep="first", maintain_order=True).collect()


def _scan(folders: Sequence[Path], schema: TableSchema) -> pl.LazyFrame:
    paths = paths_of(folders, schema)
    if not paths:
        return pl.LazyFrame(schema=schema.columns)
    # One scan per file: columns are selected by name, as their order may differ.
    return pl.concat([scan_csv(path, schema).select(list(schema.columns)) for path in paths])


def scan_csv(path: Path, schema: TableSchema) -> pl.LazyFrame:
    """One file, known columns typed, unknown ones as text."""
    return pl.scan_csv(path, schema_overrides=schema.columns, infer_schema=False, low_memory=True)
