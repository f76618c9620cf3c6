"""Clients from prepared applications into the database: new ones are copied in, known ones compared and updated."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
from django.db import IntegrityError, transaction
from django.db.backends.utils import CursorWrapper
from django.utils import timezone
from psycopg2 import sql

from credit.ml.application import encode
from credit.ml.columns import CLIENT_ID, TARGET
from credit.ml.names import LONGEST_SORT_NAME, fold_name
from pretadepenser.core.copying import (
    CopyColumn,
    copy_in,
    copy_out,
    moment_column,
    number_column,
    text_column,
    vector_column,
)
from pretadepenser.core.plain_text import one_line

#: What a file that does not say it leaves as it was: a known outcome does not become unknown.
_KEPT_WHERE_BLANK: Final = ("agency_id", "first_name", "last_name", "sort_name", "target")
_ID_ROW: Final = np.dtype([("id", ">i8")])
_REPLACED: Final = ("contract_type", "amount", "income", "annuity", "age_years", "application")


@dataclass(slots=True)
class StoredClients:
    """Counts of an import; ``reapplied`` are the known clients whose application has changed."""

    new: int = 0
    updated: int = 0
    unchanged: int = 0
    with_outcome: int = 0
    reapplied: list[int] = field(default_factory=list)


class ClientWriter:
    """Takes applications chunk by chunk, then updates the known clients among them: ``add()``..., ``finish()``.

    Used inside one transaction.
    """

    def __init__(self, cursor: CursorWrapper, agencies: Mapping[str, int]) -> None:
        """``agencies`` are the ids by name; under "" the one of new clients whose files name none."""
        self._cursor = cursor
        self._agencies = agencies
        self._known = self._known_ids()
        self._done = StoredClients()
        cursor.execute(_CREATE_STAGE)

    def add(self, applications: pl.DataFrame) -> None:
        """Rows of ``Ingestion.applications``: copies the new ones in and puts the known ones aside."""
        self._done.with_outcome += applications[TARGET].count()
        is_known = self._copy_unknown(applications)
        known = applications.filter(is_known)
        if known.height:
            copy_in(self._cursor, "imported_client", _columns(known, self._agency_ids(known)))

    def finish(self) -> StoredClients:
        """Updates the known clients that differ; returns the counts."""
        cursor, done = self._cursor, self._done
        cursor.execute("ANALYZE imported_client")
        cursor.execute(_SELECT_REAPPLIED)
        done.reapplied = [client_id for (client_id,) in cursor.fetchall()]
        cursor.execute("SELECT count(*) FROM imported_client")
        known = cursor.fetchone()[0]
        cursor.execute(_UPDATE_KNOWN)
        done.updated = cursor.rowcount
        done.unchanged = known - done.updated
        cursor.execute("DROP TABLE imported_client")
        cursor.execute("ANALYZE credit_client")  # lists are read right after, before the database would do so itself
        return done

    def _known_ids(self) -> npt.NDArray[np.int64]:
        ids: npt.NDArray[np.int64] = copy_out(self._cursor, sql.SQL("SELECT id FROM credit_client"), _ID_ROW)["id"]
        return ids

    def _is_known(self, applications: pl.DataFrame) -> npt.NDArray[np.bool_]:
        return np.isin(applications[CLIENT_ID].to_numpy(), self._known)

    def _copy_unknown(self, applications: pl.DataFrame) -> npt.NDArray[np.bool_]:
        """Copies the new clients in; which of the others are known, those too that were created a moment ago."""
        while True:
            is_known = self._is_known(applications)
            try:
                with transaction.atomic():
                    self._copy_new(applications.filter(~is_known))
            except IntegrityError:
                self._known = self._known_ids()
                if np.array_equal(is_known, self._is_known(applications)):
                    raise
            else:
                return is_known

    def _copy_new(self, applications: pl.DataFrame) -> None:
        if not applications.height:
            return
        named = applications.with_columns(pl.col("FIRST_NAME", "LAST_NAME").fill_null(""))
        agency_ids = self._agency_ids(named).fill_null(self._agencies.get("", 0))
        now = timezone.now()
        columns = [
            *_columns(named, agency_ids),
            number_column("version", np.ones(named.height, np.int32)),
            moment_column("created_at", now, named.height),
            moment_column("updated_at", now, named.height),
        ]
        self._done.new += copy_in(self._cursor, "credit_client", columns)

    def _agency_ids(self, applications: pl.DataFrame) -> pl.Series:
        return applications["AGENCY"].replace_strict(self._agencies, default=None, return_dtype=pl.Int64)


def _columns(applications: pl.DataFrame, agency_ids: pl.Series) -> list[CopyColumn]:
    """The columns of credit_client that files decide; names are NULL where neither is known."""
    first, last = (_each(applications[name], one_line) for name in ("FIRST_NAME", "LAST_NAME"))
    has_name = first.is_not_null() | last.is_not_null()
    first, last = (_where(has_name, name.fill_null("")) for name in (first, last))
    folded = _each(last, fold_name) + " " + _each(first, fold_name)
    return [
        number_column("id", applications[CLIENT_ID].to_numpy()),
        _whole_column("agency_id", agency_ids, np.int64),
        text_column("first_name", first),
        text_column("last_name", last),
        text_column("sort_name", folded.str.strip_chars().str.slice(0, LONGEST_SORT_NAME)),
        _whole_column("target", applications[TARGET], np.int16),
        text_column("contract_type", applications["NAME_CONTRACT_TYPE"].fill_null("")),
        _amount_column("amount", applications["AMT_CREDIT"]),
        _amount_column("income", applications["AMT_INCOME_TOTAL"]),
        _amount_column("annuity", applications["AMT_ANNUITY"]),
        _whole_column("age_years", (applications["DAYS_BIRTH"] / -365.25).floor(), np.int16),
        vector_column("application", encode(applications)),
    ]


def _where(condition: pl.Series, values: pl.Series) -> pl.Series:
    return pl.select(pl.when(condition).then(values)).to_series()


def _each(names: pl.Series, change: Callable[[str], str]) -> pl.Series:
    """``change`` of each name, done once per different name."""
    different = names.drop_nulls().unique()
    return names.replace_strict(different, [change(name) for name in different], default=None, return_dtype=pl.String)


def _whole_column(name: str, values: pl.Series, kind: type[np.int16 | np.int64]) -> CopyColumn:
    return number_column(name, values.fill_null(0).to_numpy().astype(kind), is_null=values.is_null().to_numpy())


def _amount_column(name: str, values: pl.Series) -> CopyColumn:
    return number_column(name, values.cast(pl.Float64).to_numpy(), is_null=values.is_null().to_numpy())


_CREATE_STAGE: Final = """
    CREATE TEMPORARY TABLE imported_client (
        id bigint PRIMARY KEY, agency_id bigint, first_name text, last_name text, sort_name text, target smallint,
        contract_type text, amount float8, income float8, annuity float8, age_years smallint, application bytea
    )
"""
_SELECT_REAPPLIED: Final = """
    SELECT id FROM imported_client AS file JOIN credit_client AS client USING (id)
    WHERE client.application <> file.application ORDER BY id
"""


def _update_known() -> str:
    new_values = {name: f"COALESCE(file.{name}, client.{name})" for name in _KEPT_WHERE_BLANK}
    new_values |= {name: f"file.{name}" for name in _REPLACED}
    # All of it is constant text: names of columns, no values.
    return f"""
        UPDATE credit_client AS client SET
            {", ".join(f"{name} = {value}" for name, value in new_values.items())},
            version = client.version + (client.application <> file.application)::int,
            updated_at = now()
        FROM imported_client AS file
        WHERE client.id = file.id
            AND ({", ".join(f"client.{name}" for name in new_values)})
                IS DISTINCT FROM ({", ".join(new_values.values())})
    """  # noqa: S608


_UPDATE_KNOWN: Final = _update_known()
