"""Variants of one application: the same file with other values, and what a model says of each."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self
from urllib.parse import parse_qsl, urlencode

import numpy as np
import numpy.typing as npt

from credit.ml.application import RawValue, raw_value
from credit.ml.catalogue import describe, offered_levels
from credit.ml.columns import CATEGORIES
from credit.ml.features import feature_names, rebuild_matrix
from credit.ml.inputs import POSITIONS, WrongInput, changed, given, to_code
from credit.ml.loan import LOAN_COLUMNS, Loan, NeverRepaid
from credit.ml.model import CreditModel

Vector = npt.NDArray[np.float64]
_MOST_COLUMNS: Final = 40  # of one address


@dataclass(frozen=True, slots=True)
class Changes:
    """New values of some columns of an application: ``codes`` as its vector holds them, ``values`` in words."""

    codes: Mapping[str, float]

    @classmethod
    def read(cls, values: Mapping[str, RawValue]) -> Self:
        """What an advisor asks for, in the order of the vector; raises WrongInput for the first value not allowed."""
        codes = {name: _simulable_code(name, value) for name, value in values.items()}
        return cls(dict(sorted(codes.items(), key=lambda entry: POSITIONS[entry[0]])))

    def __bool__(self) -> bool:
        return bool(self.codes)

    @property
    def values(self) -> dict[str, RawValue]:
        """The columns as an application states them: levels by name, whole numbers as int."""
        return {name: raw_value(name, code) for name, code in self.codes.items()}

    @property
    def query(self) -> str:
        """The changes as text for an address: « AMT_CREDIT=250000 »; ``query_values`` reads it back."""
        return query_of(self.values)


#: The file as it is.
NO_CHANGES: Final = Changes({})


def query_of(values: Mapping[str, RawValue]) -> str:
    """The same text for the same values, whatever their order."""
    texts = {name: f"{value:.12g}" if isinstance(value, float) else value for name, value in sorted(values.items())}
    return urlencode(texts)


def query_values(query: str) -> dict[str, str]:
    """The columns and texts of a query, for ``Changes.read``; none of a text that does not read as one."""
    try:
        return dict(parse_qsl(query, max_num_fields=_MOST_COLUMNS))
    except ValueError:
        return {}


@dataclass(frozen=True, slots=True)
class Subject:
    """The application that is varied, raw (120,) float64, and its stored features (F,) float32, NaN for a blank."""

    raw: Vector
    features: npt.NDArray[np.float32]

    @property
    def loan(self) -> Loan | None:
        """The loan that is applied for; None while its amount or instalment is blank."""
        return Loan.read(given(LOAN_COLUMNS, self.raw))

    def income_with(self, changes: Changes) -> float | None:
        """The monthly income in a scenario; None if blank."""
        income = changes.codes.get("AMT_INCOME_TOTAL", float(self.raw[POSITIONS["AMT_INCOME_TOTAL"]]))
        return None if math.isnan(income) else income

    def loan_with(self, changes: Changes) -> Loan | None:
        """The loan of a scenario; None also where its instalment would never repay it."""
        loan = self.loan
        if loan is None:
            return None
        columns = loan.columns | {name: code for name, code in changes.codes.items() if name in LOAN_COLUMNS}
        try:
            changed = loan.of(columns["AMT_CREDIT"], columns["AMT_ANNUITY"])
        except NeverRepaid:
            return None
        return changed.priced(columns.get("AMT_GOODS_PRICE", math.nan))

    def variants(self, scenarios: Sequence[Changes]) -> npt.NDArray[np.float32]:
        """The features of each scenario, by the code that built those of training.  # (S, F)"""
        raw = np.stack([changed(self.raw, changes.codes) for changes in scenarios])  # (S, 120)
        return rebuild_matrix(raw, np.broadcast_to(self.features, (len(scenarios), len(self.features))))

    def is_changed_by(self, changes: Changes) -> bool:
        """Whether the changes say something else than the file."""
        return not np.array_equal(changed(self.raw, changes.codes), self.raw, equal_nan=True)


def probabilities(model: CreditModel, subject: Subject, scenarios: Sequence[Changes]) -> Vector:
    """The probability of default in each scenario.  # (S,)"""
    if not scenarios:
        return np.empty(0)
    return model.predict(subject.variants(scenarios), feature_names())


def features_without_history(raw: npt.NDArray[np.float64]) -> npt.NDArray[np.float32]:
    """The features of applications (N, 120) of people whom no other table knows: their side features are blank."""
    return rebuild_matrix(raw, np.full((len(raw), len(feature_names())), np.nan, np.float32))


def _simulable_code(column: str, value: RawValue) -> float:
    if column not in POSITIONS or not (variable := describe(column)).is_simulable:
        raise WrongInput(column, "not_simulable", value)
    code = to_code(column, value)
    if code != code:  # NaN
        raise WrongInput(column, "blank", value)
    if column in CATEGORIES:
        if value not in offered_levels(column):
            raise WrongInput(column, "unknown_level", value)
    elif not (variable.minimum or 0.0) <= code <= (variable.maximum or 0.0):
        raise WrongInput(column, "out_of_range", value)
    return code
