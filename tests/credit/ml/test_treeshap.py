import lightgbm as lgb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credit.ml.explanation import additivity_error
from credit.ml.model import MissingColumns, load_model
from credit.ml.treeshap import FastExplainer, UnsupportedModel
from credit.ml.treeshap.lanes import WIDTH
from tests.builders.lightgbm_models import NAMES, clients, model_text


def assert_agrees(text, matrix, threads=1):
    """Compares the fast explainer with LightGBM's own values, on every row."""
    model = load_model(text)
    fast = FastExplainer(model, threads=threads).contributions(matrix, NAMES)
    oracle = lgb.Booster(model_str=text).predict(matrix, pred_contrib=True)
    np.testing.assert_allclose(fast.values, oracle[:, :-1], atol=1e-10, rtol=0)
    assert fast.base_value == pytest.approx(oracle[0, -1], abs=1e-10)
    assert additivity_error(fast, model.margin(matrix, NAMES)).max() < 1e-10


@settings(max_examples=25, deadline=None)
@given(
    leaves=st.integers(2, 60),
    depth=st.sampled_from([-1, 1, 3]),
    seed=st.integers(0, 10_000),
    zero_as_missing=st.booleans(),
    use_missing=st.booleans(),
    rows=st.integers(1, 3 * WIDTH + 1),
)
def test_values_equal_lightgbms_on_any_tree(leaves, depth, seed, zero_as_missing, use_missing, rows):
    text = model_text(
        rows=600,
        rounds=4,
        seed=seed,
        num_leaves=leaves,
        max_depth=depth,
        min_data_in_leaf=3,
        zero_as_missing=zero_as_missing,
        use_missing=use_missing,
    )
    assert_agrees(text, clients(rows, seed=seed + 1)[0])


def test_blanks_zeros_infinities_and_tiny_numbers_go_where_lightgbm_sends_them():
    matrix, _ = clients(9 * len(NAMES), seed=4)
    special = [np.nan, 0.0, -0.0, np.inf, -np.inf, 1e-36, -1e-36, 1e-34, 1e300]
    for number, value in enumerate(special):
        for column in range(len(NAMES)):
            matrix[number * len(NAMES) + column, column] = value
    for settings_ in ({}, {"zero_as_missing": True}, {"use_missing": False}):
        assert_agrees(model_text(min_data_in_leaf=5, num_leaves=40, **settings_), matrix)


def test_rows_of_blanks_alone_are_explained():
    assert_agrees(model_text(), np.full((5, len(NAMES)), np.nan))


def test_a_feature_that_repeats_on_a_path_is_one_player():
    generator = np.random.default_rng(1)
    matrix = generator.normal(size=(3000, len(NAMES)))
    target = generator.random(3000) < 0.5 + 0.4 * np.sin(6 * matrix[:, 0])
    data = lgb.Dataset(matrix, label=target, feature_name=list(NAMES))
    text = lgb.train(
        {"objective": "binary", "num_leaves": 50, "verbosity": -1, "num_threads": 1}, data, 5
    ).model_to_string()
    assert max(np.bincount(tree.split_feature).max() for tree in load_model(text).trees) > 20
    assert_agrees(text, matrix[:100])


def test_deep_trees_are_explained_exactly():
    generator = np.random.default_rng(2)
    matrix = generator.normal(size=(4000, 40))
    names = [f"F{i}" for i in range(40)]
    target = generator.random(4000) < 1 / (1 + np.exp(-matrix.sum(axis=1) / 3))
    settings_ = {
        "objective": "binary",
        "num_leaves": 500,
        "min_data_in_leaf": 1,
        "verbosity": -1,
        "feature_fraction": 0.3,
    }
    text = lgb.train(settings_, lgb.Dataset(matrix, label=target, feature_name=names), 3).model_to_string()
    model = load_model(text)
    fast = FastExplainer(model).contributions(matrix[:20], names)
    oracle = model.booster.predict(matrix[:20], pred_contrib=True)
    np.testing.assert_allclose(fast.values, oracle[:, :-1], atol=1e-10, rtol=0)


@pytest.mark.parametrize("settings_", [{"num_leaves": 2}, {"min_data_in_leaf": 5000}], ids=["stumps", "constant"])
def test_the_smallest_trees_are_explained(settings_):
    assert_agrees(model_text(**settings_), clients(40, seed=5)[0])


@pytest.mark.parametrize("rows", [1, WIDTH - 1, WIDTH, WIDTH + 1, 3 * WIDTH, 140 * WIDTH])
@pytest.mark.parametrize("threads", [1, 2])
def test_any_number_of_rows_and_threads_gives_the_same_values(rows, threads):
    model = load_model(model_text())
    matrix, _ = clients(rows, seed=6, dtype=np.float32)
    alone = FastExplainer(model).contributions(matrix[-1:], NAMES).values[0]
    together = FastExplainer(model, threads=threads).contributions(matrix, NAMES).values
    np.testing.assert_array_equal(together[-1], alone)
    assert together.shape == (rows, len(NAMES))


def test_no_rows_give_no_values():
    values = FastExplainer(load_model(model_text())).contributions(np.empty((0, len(NAMES))), NAMES).values
    assert values.shape == (0, len(NAMES))


def test_columns_are_matched_by_name():
    explainer = FastExplainer(load_model(model_text()))
    matrix, _ = clients(10, seed=7)
    order = [5, 4, 3, 2, 1, 0]
    shuffled = explainer.contributions(matrix[:, order], [NAMES[i] for i in order]).values
    np.testing.assert_array_equal(shuffled, explainer.contributions(matrix, NAMES).values)
    with pytest.raises(MissingColumns):
        explainer.contributions(matrix[:, :5], NAMES[:5])


def test_a_cached_plan_gives_the_same_values_without_a_new_build(tmp_path, monkeypatch):
    model = load_model(model_text())
    matrix, _ = clients(20, seed=8)
    built = FastExplainer(model, tmp_path / "plans").contributions(matrix, NAMES)
    (kept,) = (tmp_path / "plans").iterdir()
    assert model.sha256 in kept.name
    monkeypatch.delattr("credit.ml.treeshap.plan._Builder")
    again = FastExplainer(model, tmp_path / "plans").contributions(matrix, NAMES)
    np.testing.assert_array_equal(again.values, built.values)
    assert again.base_value == built.base_value


def test_splits_on_categories_are_left_to_lightgbm():
    matrix, target = clients(2000)
    matrix[:, 5] = np.nan_to_num(matrix[:, 5]) + 5
    data = lgb.Dataset(matrix, label=target, feature_name=list(NAMES), categorical_feature=["BUREAU_COUNT"])
    settings_ = {"objective": "binary", "verbosity": -1, "min_data_per_group": 1}
    with pytest.raises(UnsupportedModel, match="categories"):
        FastExplainer(load_model(lgb.train(settings_, data, 5).model_to_string()))
