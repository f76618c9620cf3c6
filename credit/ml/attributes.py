"""Attributes that group clients, to see whether a model holds and is fair in each group."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from credit.ml.columns import CATEGORIES

#: Attribute -> its column of the application.
ATTRIBUTES: Final[Mapping[str, str]] = {
    "sex": "CODE_GENDER",
    "age_band": "DAYS_BIRTH",
    "family_status": "NAME_FAMILY_STATUS",
    "contract_type": "NAME_CONTRACT_TYPE",
    "income_band": "AMT_INCOME_TOTAL",
    "education": "NAME_EDUCATION_TYPE",
}
#: Shown only on the fairness page, which advisors do not open; sex is used nowhere else.
FAIRNESS_ATTRIBUTES: Final = ("age_band", "sex", "family_status")
SEGMENT_ATTRIBUTES: Final = ("contract_type", "age_band", "income_band", "education")
AGE_EDGES: Final = (30.0, 40.0, 50.0, 60.0)
_DAYS_PER_YEAR: Final = 365.25


@dataclass(frozen=True, slots=True)
class Attribute:
    """The group of each of N clients: codes (N,) into ``levels``, -1 where it is not known.

    A level is that of the category, or the number of a band; ``edges`` are the inner edges of bands, in the
    attribute's own unit, and empty for a category.
    """

    levels: tuple[str, ...]
    codes: NDArray[np.int64]
    edges: tuple[float, ...] = ()


def attribute_of(name: str, values: NDArray[np.floating]) -> Attribute:
    """The groups of N clients by an attribute, from its raw column, (N,), NaN for a blank."""
    column = ATTRIBUTES[name]
    is_blank = np.isnan(values)
    if column in CATEGORIES:
        codes = np.where(is_blank, -1, np.nan_to_num(values)).astype(np.int64)
        return Attribute(CATEGORIES[column], codes)
    if name == "age_band":
        return _bands(-values / _DAYS_PER_YEAR, AGE_EDGES)
    quarters = np.unique(np.quantile(values[~is_blank], [0.25, 0.5, 0.75])) if not is_blank.all() else np.empty(0)
    return _bands(values, tuple(float(edge) for edge in quarters))


def _bands(values: NDArray[np.floating], edges: tuple[float, ...]) -> Attribute:
    codes = np.where(np.isnan(values), -1, np.searchsorted(np.array(edges), values, side="right"))
    return Attribute(tuple(str(band) for band in range(len(edges) + 1)), codes, edges)
