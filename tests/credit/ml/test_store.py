"""The column store equals plain numpy over the same values: every count, rank and quantile is exact."""

import filecmp
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from credit.ml.columns import CATEGORIES, PROTECTED
from credit.ml.progress import ignore_progress
from credit.ml.store import (
    BLANK,
    CATEGORY_NAMES,
    NEAREST_BY,
    NUMBER_NAMES,
    SCORE,
    Between,
    IsLevel,
    Store,
    StoreWriter,
    UnreadableStoreError,
)
from credit.ml.store.coding import choose_coding
from credit.ml.store.cohort import matching_rows
from credit.ml.store.writing import MANIFEST, population_ranks
from tests.builders.populations import FEATURE_COLUMNS, MadeUpStore, made_up_rows, made_up_store, write_store

SHARES = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)
CONDITIONS = frozenset({Between("AMT_CREDIT", 50_000, 400_000), IsLevel("NAME_CONTRACT_TYPE", 0)})


@pytest.fixture(scope="module")
def made_up(tmp_path_factory: pytest.TempPathFactory) -> MadeUpStore:
    return made_up_store(tmp_path_factory.mktemp("store") / "store")


def chosen(made_up: MadeUpStore, conditions: frozenset) -> np.ndarray:
    """Which clients meet the conditions, by plain comparisons, (N,)."""
    met = np.ones(made_up.store.rows, bool)
    for condition in conditions:
        values = made_up.values[condition.name]
        if isinstance(condition, IsLevel):
            met &= values == condition.code
        else:
            met &= (values >= condition.low) & (values < condition.high)
    return met


def test_sex_and_levels_that_imply_it_are_not_in_the_store(made_up: MadeUpStore) -> None:
    assert not set(PROTECTED) & set(made_up.store.variables)
    counts = made_up.store.everyone.counts("NAME_INCOME_TYPE")
    assert counts[CATEGORIES["NAME_INCOME_TYPE"].index("Maternity leave")] == 0
    assert counts[CATEGORIES["NAME_INCOME_TYPE"].index("Working")] > 0


def test_a_variable_without_values_is_not_offered(made_up: MadeUpStore) -> None:
    assert "OWN_CAR_AGE" not in made_up.store.variables
    assert made_up.store.everyone.quantiles("OWN_CAR_AGE", (0.5,)) == pytest.approx((np.nan,), nan_ok=True)
    assert made_up.store.everyone.rank("OWN_CAR_AGE", 3.0).known == 0


@pytest.mark.parametrize("conditions", [frozenset(), CONDITIONS], ids=["all", "some"])
@pytest.mark.parametrize("name", NUMBER_NAMES)
def test_counts_ranks_and_quantiles_of_a_number_equal_numpys(
    made_up: MadeUpStore, name: str, conditions: frozenset
) -> None:
    cohort, met = made_up.store.cohort(conditions), chosen(made_up, conditions)
    values = made_up.values[name][met]
    present = values[~np.isnan(values)].astype(np.float64)
    assert cohort.size == met.sum()
    assert cohort.blanks(name) == np.isnan(values).sum()
    if not len(present):
        return
    assert cohort.quantiles(name, SHARES) == pytest.approx(np.quantile(present, SHARES).tolist(), rel=1e-12)
    for value in (present[0], present.min() - 1, present.max() + 1, float(np.median(present))):
        rank = cohort.rank(name, value)
        single = np.float64(np.float32(value))
        assert (rank.below, rank.equal) == ((present < single).sum(), (present == single).sum())
    coding = made_up.store.coding(name)
    if coding.is_discrete:
        expected = [(present == value).sum() for value in coding.edges]
    else:
        inner = coding.bounds[1:-1].astype(np.float64)
        expected = np.bincount(np.searchsorted(inner, present, side="right"), minlength=len(inner) + 1)
    assert coding.by_bar(cohort.counts(name)).tolist() == list(expected)


@pytest.mark.parametrize("name", CATEGORY_NAMES)
def test_counts_of_a_category_are_those_of_its_levels(made_up: MadeUpStore, name: str) -> None:
    cohort, met = made_up.store.cohort(CONDITIONS), chosen(made_up, CONDITIONS)
    values = made_up.values[name][met]
    expected = [(values == code).sum() for code in range(BLANK)]
    assert cohort.counts(name).tolist() == expected


def test_outcomes_count_the_known_ones(made_up: MadeUpStore) -> None:
    cohort, met = made_up.store.cohort(CONDITIONS), chosen(made_up, CONDITIONS)
    outcomes = made_up.rows.outcomes[met]
    assert cohort.outcomes.clients == met.sum()
    assert cohort.outcomes.known == (outcomes >= 0).sum()
    assert cohort.outcomes.defaulted == (outcomes == 1).sum()


def test_joint_counts_are_counts_of_pairs(made_up: MadeUpStore) -> None:
    cohort, met = made_up.store.cohort(CONDITIONS), chosen(made_up, CONDITIONS)
    joint = cohort.joint_counts("NAME_FAMILY_STATUS", "CNT_CHILDREN")
    family, children = (made_up.values[name][met] for name in ("NAME_FAMILY_STATUS", "CNT_CHILDREN"))
    for status in range(3):
        for place, count in enumerate(made_up.store.coding("CNT_CHILDREN").edges):
            assert joint[status, place] == ((family == status) & (children == count)).sum()
    groups = np.where(made_up.rows.outcomes < 0, BLANK, made_up.rows.outcomes).astype(np.uint8)
    by_outcome = cohort.joint_counts(groups, "NAME_FAMILY_STATUS")
    assert by_outcome[1].sum() == ((made_up.rows.outcomes[met] == 1) & ~np.isnan(family)).sum()


def test_the_nearest_equal_those_of_a_full_search(made_up: MadeUpStore) -> None:
    shares = np.column_stack([population_ranks(made_up.values[name]) for name in NEAREST_BY]).astype(np.float64)
    for conditions in (frozenset(), CONDITIONS):
        met = np.flatnonzero(chosen(made_up, conditions))
        client = int(met[7])
        nearest = made_up.store.cohort(conditions).nearest(shares[client], 20, besides=client)
        distances = np.sqrt(((shares - shares[client]) ** 2).mean(axis=1))
        others = met[met != client]
        expected = others[np.argsort(distances[others], kind="stable")][:20]
        assert nearest.rows.tolist() == expected.tolist()
        assert nearest.distances == pytest.approx(distances[expected])


def test_a_cohort_smaller_than_the_requested_number_returns_all_it_has(made_up: MadeUpStore) -> None:
    nobody = made_up.store.cohort(frozenset({Between("AMT_CREDIT", -2.0, -1.0)}))
    assert nobody.size == 0
    assert len(nobody.nearest(np.full(len(NEAREST_BY), 0.5), 20).rows) == 0
    assert nobody.counts("CNT_CHILDREN").sum() == 0
    assert np.isnan(nobody.quantiles("AMT_CREDIT", (0.5,))[0])


@settings(max_examples=200, deadline=None)
@given(st.floats(1, 1e7), st.floats(0.01, 0.5))
def test_both_ends_of_a_closed_range_belong_to_it_in_the_type_of_the_column(own: float, share: float) -> None:
    low, high = own - share * own, own + share * own
    inside = np.array([low, own, high], np.float32)
    outside = np.array([np.nextafter(inside[0], np.float32(0)), np.nextafter(inside[2], np.float32(np.inf))])
    numbers = np.concatenate([inside, outside, [np.float32(np.nan)]])[None, :]
    columns = SimpleNamespace(rows={"AMT_CREDIT": 0}, numbers=numbers, codes=np.zeros((1, 6), np.uint8))
    closed = frozenset({Between("AMT_CREDIT", low, high, holds_high=True)})
    assert matching_rows(columns, closed).tolist() == [0, 1, 2]
    assert 2 not in matching_rows(columns, frozenset({Between("AMT_CREDIT", low, high)}))


def test_a_cohort_is_computed_once_per_filter(made_up: MadeUpStore) -> None:
    assert made_up.store.cohort(CONDITIONS) is made_up.store.cohort(frozenset(list(CONDITIONS)[::-1]))
    assert made_up.store.cohort(frozenset()) is made_up.store.everyone


@settings(max_examples=150, deadline=None)
@given(
    arrays.arrays(
        np.float32,
        st.integers(1, 400),
        elements=st.floats(-1e6, 1e6, width=32) | st.sampled_from([0.0, 1.0, float("nan")]),
    )
)
def test_codes_keep_the_order_of_values_and_mark_blanks(values: np.ndarray) -> None:
    coding = choose_coding(values)
    codes = coding.encode(values)
    assert np.array_equal(codes == BLANK, np.isnan(values))
    assert len(coding.edges) < BLANK
    assert (np.diff(coding.edges) > 0).all()
    present, of_present = values[~np.isnan(values)], codes[~np.isnan(values)]
    order = np.argsort(present, kind="stable")
    assert (np.diff(of_present[order].astype(int)) >= 0).all()
    assert (coding.edges[of_present] <= present).all()
    assert (np.diff(coding.bars) >= 0).all()
    assert len(coding.bars) == (len(coding.edges) + 1 if coding.is_discrete else len(coding.bounds))


def test_the_same_rows_make_the_same_store(tmp_path: Path) -> None:
    rows = made_up_rows(120)
    first, second = write_store(tmp_path / "a", rows, 50), write_store(tmp_path / "b", rows, 7)
    files = sorted(path.name for path in first.folder.iterdir())
    assert filecmp.cmpfiles(first.folder, second.folder, files, shallow=False) == (files, [], [])


def test_an_open_store_outlives_its_folder(tmp_path: Path) -> None:
    store = write_store(tmp_path / "a", made_up_rows(60))
    expected = store.everyone.counts("AMT_CREDIT").tolist()
    again = Store(tmp_path / "a")
    for path in (tmp_path / "a").iterdir():
        path.unlink()
    assert again.everyone.counts("AMT_CREDIT").tolist() == expected
    with pytest.raises(FileNotFoundError):
        Store(tmp_path / "a")


def test_a_store_of_another_format_is_refused(tmp_path: Path) -> None:
    write_store(tmp_path / "a", made_up_rows(60))
    manifest = tmp_path / "a" / MANIFEST
    manifest.write_text(manifest.read_text().replace('"format": 1', '"format": 0'))
    with pytest.raises(UnreadableStoreError, match="format 0"):
        Store(tmp_path / "a")


def test_a_store_of_other_variables_is_refused(tmp_path: Path) -> None:
    write_store(tmp_path / "a", made_up_rows(60))
    manifest = tmp_path / "a" / MANIFEST
    manifest.write_text(manifest.read_text().replace('"AMT_CREDIT"', '"AMT_LOAN"'))
    with pytest.raises(UnreadableStoreError, match="variables"):
        Store(tmp_path / "a")


@pytest.mark.parametrize("announced", [59, 61])
def test_a_writer_takes_exactly_the_announced_number_of_rows(tmp_path: Path, announced: int) -> None:
    writer = StoreWriter(tmp_path / "a", announced, FEATURE_COLUMNS)
    with pytest.raises(ValueError, match=str(announced)):
        writer.add(made_up_rows(60))
        writer.seal(ignore_progress)
    assert not (tmp_path / "a" / MANIFEST).exists()


def test_clients_without_scores_have_no_score_variable(tmp_path: Path) -> None:
    rows = made_up_rows(60)
    rows.probabilities[:] = np.nan
    store = write_store(tmp_path / "a", rows)
    assert not store.has_scores
    assert SCORE not in store.variables
