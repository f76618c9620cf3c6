"""Sums over a portfolio's contributions do not depend on its chunks."""

import json

import numpy as np
import pytest

from credit.ml.importance import ImportanceSums, group_edges

EDGES = np.array([[1.0, 2.0, 3.0], [0.0, 0.0, 0.0]])


def sums_of(contributions: np.ndarray, matrix: np.ndarray, chunks: int) -> ImportanceSums:
    sums = ImportanceSums.empty(2)
    for part in np.array_split(np.arange(len(matrix)), chunks):
        sums.add(contributions[part], matrix[part], EDGES)
        sums = ImportanceSums.from_state(json.loads(json.dumps(sums.state())))
    return sums


def test_means_and_groups_equal_those_of_the_whole_portfolio() -> None:
    generator = np.random.default_rng(0)
    contributions, matrix = generator.normal(size=(100, 2)), generator.normal(2, 2, size=(100, 2))
    matrix[:30, 0] = np.nan
    matrix[:, 1] = np.nan
    summary = sums_of(contributions, matrix, 7).summary(["a", "b"])
    assert summary["clients"] == 100
    assert list(summary["mean_absolute"].values()) == pytest.approx(np.abs(contributions).mean(axis=0).tolist())
    groups = summary["groups"]["a"]
    chosen = {
        "lowest": matrix[:, 0] < 1,
        "low": (matrix[:, 0] >= 1) & (matrix[:, 0] < 2),
        "high": (matrix[:, 0] >= 2) & (matrix[:, 0] < 3),
        "highest": matrix[:, 0] >= 3,
        "blank": np.isnan(matrix[:, 0]),
    }
    for name, members in chosen.items():
        assert groups[name]["mean"] == pytest.approx(contributions[members, 0].mean())
        assert groups[name]["share"] == pytest.approx(members.mean())
    assert list(summary["groups"]["b"]) == ["blank"]


def test_without_clients_the_summary_stays_valid_json() -> None:
    summary = ImportanceSums.empty(1).summary(["a"])
    assert summary == {"clients": 0, "mean_absolute": {"a": 0.0}, "groups": {"a": {}}}


def test_edges_are_the_populations_quantiles_or_zeros_for_blanks() -> None:
    known = {"median": 2.0, "p10": 1.0, "p90": 3.0, "mean": 2.0, "missing": 0.0}
    unknown = {"median": None, "p10": None, "p90": None, "mean": None, "missing": 1.0}
    assert np.array_equal(group_edges({"b": unknown, "a": known}, ["a", "b"]), EDGES)
    assert group_edges({}, []).shape == (0, 3)
