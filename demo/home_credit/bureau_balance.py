"""Monthly statuses of the credits at other lenders."""

from typing import Final

import numpy as np

from demo.home_credit.sampling import MONTH_DAYS, Coded, Columns, FloatArray, IntArray, chance, spread
from demo.home_credit.traits import Traits

LONGEST_MONTHS: Final = 97
#: Share of months of unknown status while a credit runs, and how much credits differ in it.
UNKNOWN_STATUS: Final = (0.44, 0.45)
#: Share of the files that stop with the credit instead of running to the present.
FILE_STOPS: Final = 0.115
#: Share of late months of an average client's median credit, and the spread of its logarithm.
LATE_MONTHS: Final = 0.011
LATE_SPREAD: Final = 0.9
STATUS_LEVELS: Final = ("0", "1", "2", "3", "4", "5", "C", "X")
#: Of the late months: how late (one month or more, ... written off).
LATE_STATUS: Final = np.array([0.80, 0.86, 0.88, 0.90])


def draw_statuses(
    rng: np.random.Generator, own: Traits, ids: IntArray, opened: FloatArray, closed: FloatArray
) -> Columns:
    """One status a month from the latest (0) back to the opening; C once closed, 0 paid, 1 to 5 late, X unknown."""
    count = len(ids)
    oldest = np.minimum(np.rint(-opened / MONTH_DAYS), LONGEST_MONTHS - 1).astype(np.int64)
    ended = np.where(closed > 0, -1, np.rint(-closed / MONTH_DAYS)).astype(np.int64)
    stops = chance(rng, FILE_STOPS, count)
    newest = np.where(stops, np.clip(ended, 0, oldest), 0)
    carelessness = -0.40 * own.discipline + 0.30 * own.stress + LATE_SPREAD * rng.standard_normal(count)
    late = LATE_MONTHS * np.exp(carelessness)
    unknown = np.clip(UNKNOWN_STATUS[0] + UNKNOWN_STATUS[1] * rng.standard_normal(count), 0.0, 0.95)
    row, position = spread(oldest - newest + 1)
    months_ago = newest[row] + position
    draw = rng.random(len(row))
    late_rank = 1 + np.searchsorted(LATE_STATUS, draw / late[row])
    status = np.where(draw < late[row], np.minimum(late_rank, 5), np.where(draw > 1.0 - unknown[row], 7, 0))
    return {
        "SK_ID_BUREAU": ids[row],
        "MONTHS_BALANCE": -months_ago,
        "STATUS": Coded(np.where(months_ago < ended[row], 6, status), STATUS_LEVELS),
    }
