"""What moves scores in general: sums over the contributions of a portfolio, chunk by chunk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from credit.ml.model import Matrix
from credit.ml.population import ColumnSummary

#: Groups of clients by their value of a feature, divided by the population's P10, median and P90.
GROUPS: Final = ("lowest", "low", "high", "highest", "blank")
_ROWS_AT_ONCE: Final = 256  # they stay in the processor's cache


@dataclass(slots=True)
class ImportanceSums:
    """Sums over the clients added so far, per feature (F,) and per group of its values (F, 5)."""

    clients: int
    absolute: NDArray[np.float64]
    signed: NDArray[np.float64]
    counts: NDArray[np.float64]

    @classmethod
    def empty(cls, features: int) -> Self:
        return cls(0, np.zeros(features), np.zeros((features, len(GROUPS))), np.zeros((features, len(GROUPS))))

    @classmethod
    def from_state(cls, state: Mapping[str, object]) -> Self:
        """The sums that ``state()`` returned, to the last bit."""
        absolute, signed, counts = (np.array(state[name]) for name in ("absolute", "signed", "counts"))
        return cls(int(str(state["clients"])), absolute, signed, counts)

    def state(self) -> dict[str, object]:
        """The sums as JSON types."""
        return {
            "clients": self.clients,
            "absolute": self.absolute.tolist(),
            "signed": self.signed.tolist(),
            "counts": self.counts.tolist(),
        }

    def add(self, contributions: Matrix, matrix: Matrix, edges: NDArray[np.float64]) -> None:
        """Adds N clients: contributions and features (N, F), with ``edges`` (F, 3) from ``group_edges``."""
        self.clients += len(contributions)
        for start in range(0, len(contributions), _ROWS_AT_ONCE):
            part = slice(start, start + _ROWS_AT_ONCE)
            self._add(contributions[part].astype(np.float64), matrix[part], edges)

    def _add(self, contributions: NDArray[np.float64], matrix: Matrix, edges: NDArray[np.float64]) -> None:
        self.absolute += np.abs(contributions).sum(axis=0)
        # All clients, those with a value, those from the first edge on, ...: a group is one without the next.
        masks = np.stack([np.ones(matrix.shape, np.bool_), ~np.isnan(matrix), *(matrix >= edge for edge in edges.T)])
        self.signed += _without_next(np.einsum("nf,mnf->mf", contributions, masks))
        self.counts += _without_next(masks.sum(axis=1, dtype=np.float64))

    def summary(self, names: Sequence[str]) -> dict[str, object]:
        """``mean_absolute``: per feature, log-odds. ``groups``: mean contribution and share of clients per group.

        Groups without clients are left out.
        """
        share = self.counts / max(self.clients, 1)
        mean = self.signed / np.maximum(self.counts, 1)
        return {
            "clients": self.clients,
            "mean_absolute": dict(zip(names, (self.absolute / max(self.clients, 1)).tolist(), strict=True)),
            "groups": {
                name: {
                    group: {"mean": float(mean[row, column]), "share": float(share[row, column])}
                    for column, group in enumerate(GROUPS)
                    if self.counts[row, column]
                }
                for row, name in enumerate(names)
            },
        }


def _without_next(totals: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each total less the next one; the first, blanks, comes last as in GROUPS.  # (5, F) -> (F, 5)"""
    return np.roll(-np.diff(totals, axis=0, append=0.0), -1, axis=0).T


def group_edges(population: Mapping[str, ColumnSummary], names: Sequence[str]) -> NDArray[np.float64]:
    """The population's P10, median and P90 of each feature, (F, 3); zeros for a feature of blanks alone."""
    summaries = [population[name] for name in names]
    edges = [[summary["p10"], summary["median"], summary["p90"]] for summary in summaries]
    return np.array([[0.0, 0.0, 0.0] if None in row else row for row in edges], dtype=np.float64).reshape(-1, 3)
