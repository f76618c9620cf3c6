"""The reader of text models: every sound text is read, every other is refused with a code and a place."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credit.ml.model import InvalidModel, load_model
from credit.ml.model.walk import margins
from tests.builders.lightgbm_models import NAMES, clients, model_text

TEXT = model_text()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        (" \r\n", "empty"),
        ("hello\nworld\n", "not_lightgbm_text"),
        ('{"learner": {}}', "not_lightgbm_text"),
        ("tree\nversion=v4\n", "truncated"),
        (TEXT[: TEXT.index("Tree=0")], "truncated"),
        (TEXT[: len(TEXT) // 3], "truncated"),
        (TEXT[: TEXT.index("end of trees")], "truncated"),
        (TEXT.replace("\n", "\r"), "not_lightgbm_text"),
        (TEXT.replace("shrinkage", "\x00shrinkage"), "control_character"),
        (TEXT.replace("version=v4", "version=v9"), "malformed_header"),
        (TEXT.replace("num_class", "num_klass"), "malformed_header"),
        (TEXT.replace("label_index=0", "label_index=0\nlabel_index=0"), "malformed_header"),
        (TEXT.replace("label_index=0", "label_index=x"), "malformed_header"),
        (TEXT.replace("objective=binary sigmoid:1", "objective=regression"), "not_binary"),
        (TEXT.replace("objective=binary sigmoid:1", "objective=lambdarank"), "not_binary"),
        (TEXT.replace("objective=binary sigmoid:1\n", ""), "not_binary"),
        (TEXT.replace("num_class=1", "num_class=3", 1), "not_binary"),
        (TEXT.replace("sigmoid:1", "sigmoid:0.5", 1), "scaled_sigmoid"),
        (TEXT.replace("sigmoid:1", "sigmoid:0", 1), "scaled_sigmoid"),
        (TEXT.replace("sigmoid:1", "sigmoid:abc", 1), "malformed_header"),
        (TEXT.replace("sigmoid:1", "sigmoid:nan", 1), "malformed_header"),
        (TEXT.replace("DAYS_BIRTH", "AMT_CREDIT", 1), "duplicate_features"),
        (TEXT.replace("max_feature_idx=5", "max_feature_idx=6"), "malformed_header"),
        (TEXT.replace("max_feature_idx=5\n", ""), "malformed_header"),
        (TEXT.replace("feature_infos=", "feature_infos=[0:1] "), "malformed_header"),
        (TEXT.replace("tree_sizes=", "tree_sizes=-"), "malformed_header"),
        (TEXT.replace("tree_sizes=", "tree_sizes=5 "), "truncated"),
        (TEXT.replace("Tree=7\n", "Tree=8\n"), "malformed_tree"),
        (TEXT + "a line of another kind\n", "malformed_header"),
        (TEXT.replace("pandas_categorical:null", "pandas_categorical:" + "[" * 100_000), "malformed_categories"),
        (TEXT.replace("pandas_categorical:null", 'pandas_categorical:[["a", "b"]]'), "unclear_categories"),
    ],
)
def test_a_text_that_is_not_a_usable_model_is_refused_with_a_code(text, code):
    assert text != TEXT
    with pytest.raises(InvalidModel) as caught:
        load_model(text)
    assert caught.value.code == code
    assert caught.value.detail


def resized(text: str) -> str:
    """The text with the sizes of its trees as they are now."""
    head, trees = text.split("\n\nTree=", 1)
    blocks = ("Tree=" + trees).partition("end of trees")[0].split("\nTree=")
    sizes = [len(block) + 5 * (number > 0) + (number < len(blocks) - 1) for number, block in enumerate(blocks)]
    head = "\n".join(line for line in head.split("\n") if not line.startswith("tree_sizes="))
    return f"{head}\ntree_sizes={' '.join(map(str, sizes))}\n\nTree={trees}"


#: A tree of three leaves; categories 1, 5 and 33 go left at its second split.
TREE = """Tree=0
num_leaves=3
num_cat=1
split_feature=0 1
split_gain=2 1
threshold=0.5 0
decision_type=2 1
left_child=1 -1
right_child=-2 -3
leaf_value=-1 -2 0.5
leaf_weight=5 5 5
leaf_count=20 30 50
internal_value=0 0
internal_weight=15 10
internal_count=100 70
cat_boundaries=0 2
cat_threshold=34 2
is_linear=0
shrinkage=1
"""


def small(tree: str) -> str:
    """A complete text with one tree."""
    head = TEXT[: TEXT.index("tree_sizes=")]
    return resized(f"{head}tree_sizes=0\n\n{tree}\n\nend of trees\n")


def test_a_small_tree_on_categories_is_read_and_predicted():
    model = load_model(small(TREE))
    rows = np.zeros((6, 6))
    rows[:, 0] = [0, 0, 0, 0, 0, 1]
    rows[:, 1] = [1, 5, 33, 2, np.nan, 1]
    assert model.margin(rows, NAMES).tolist() == [-1, -1, -1, 0.5, 0.5, -2]
    np.testing.assert_array_equal(margins(model.trees, rows), model.margin(rows, NAMES))


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("num_leaves", "4", "malformed_tree"),
        ("num_leaves", "-1", "malformed_tree"),
        ("num_leaves", "99999999999", "malformed_tree"),
        ("num_cat", "0", "malformed_tree"),
        ("num_cat", "2", "malformed_tree"),
        ("split_feature", "0 6", "malformed_tree"),
        ("split_feature", "0 -1", "malformed_tree"),
        ("split_feature", "0 1 2", "malformed_tree"),
        ("split_gain", "1", "malformed_tree"),
        ("threshold", "nan 0", "malformed_tree"),
        ("threshold", "0.5 1", "malformed_tree"),
        ("threshold", "0.5 1e9", "malformed_tree"),
        ("threshold", "0.5 -1000000000", "malformed_tree"),
        ("decision_type", "1 1", "malformed_tree"),
        ("decision_type", "2 2", "malformed_tree"),
        ("decision_type", "12 1", "malformed_tree"),
        ("decision_type", "-2 1", "malformed_tree"),
        ("left_child", "1 1", "malformed_tree"),
        ("left_child", "0 -1", "malformed_tree"),
        ("left_child", "-1 1", "malformed_tree"),
        ("right_child", "-2 -4", "malformed_tree"),
        ("leaf_value", "-1 nan 0.5", "malformed_tree"),
        ("leaf_value", "-1 inf 0.5", "malformed_tree"),
        ("leaf_value", "-1 1_0 0.5", "malformed_tree"),
        ("leaf_value", "-1  0.5", "malformed_tree"),
        ("leaf_weight", "1", "malformed_tree"),
        ("leaf_count", "20 30", "malformed_tree"),
        ("leaf_count", "20 30 99999999999999999999", "malformed_tree"),
        ("leaf_count", "20 30 40", "no_counts"),
        ("leaf_count", "70 30 0", "no_counts"),
        ("internal_value", "0", "malformed_tree"),
        ("internal_count", "100 60", "no_counts"),
        ("cat_boundaries", "0 99999", "malformed_tree"),
        ("cat_boundaries", "1 2", "malformed_tree"),
        ("cat_boundaries", "2 0", "malformed_tree"),
        ("cat_threshold", "34", "malformed_tree"),
        ("cat_threshold", "34 4294967296", "malformed_tree"),
        ("is_linear", "1", "linear_trees"),
        ("shrinkage", "x", "malformed_tree"),
    ],
)
def test_fields_of_a_tree_that_contradict_each_other_are_refused(field, value, code):
    tree = "\n".join(f"{field}={value}" if line.startswith(f"{field}=") else line for line in TREE.split("\n"))
    assert tree != TREE
    with pytest.raises(InvalidModel) as caught:
        load_model(small(tree))
    assert (caught.value.code, caught.value.detail) == (code, "Tree=0")


def test_a_chain_of_too_many_splits_is_refused():
    splits = 600
    fields = {
        "split_feature": ["0"] * splits,
        "split_gain": ["1"] * splits,
        "threshold": [str(number) for number in range(splits)],
        "decision_type": ["2"] * splits,
        "left_child": [str(-number - 1) for number in range(splits)],
        "right_child": [*map(str, range(1, splits)), str(-splits - 1)],
        "leaf_value": ["0"] * (splits + 1),
        "leaf_weight": ["1"] * (splits + 1),
        "leaf_count": ["1"] * (splits + 1),
        "internal_value": ["0"] * splits,
        "internal_weight": ["1"] * splits,
        "internal_count": [str(number) for number in range(splits + 1, 1, -1)],
    }
    lines = "\n".join(f"{name}={' '.join(values)}" for name, values in fields.items())
    with pytest.raises(InvalidModel) as caught:
        load_model(small(f"Tree=0\nnum_leaves={splits + 1}\nnum_cat=0\n{lines}\nis_linear=0\nshrinkage=1\n"))
    assert caught.value.code == "too_deep"


@pytest.mark.parametrize("changed", [TEXT.replace("\n", "\r\n"), "\ufeff" + TEXT], ids=["CRLF", "BOM"])
def test_line_ends_of_windows_and_a_byte_order_mark_are_read(changed):
    assert load_model(changed).text == TEXT


@pytest.mark.parametrize(
    "parameters",
    [
        {"boosting": "dart"},
        {"objective": "cross_entropy"},
        {"data_sample_strategy": "goss"},
        {"use_quantized_grad": True},
        {"monotone_constraints": [1, 0, 0, 0, 0, 0]},
        {"min_data_in_leaf": 0, "num_leaves": 200, "min_sum_hessian_in_leaf": 0},
    ],
)
def test_every_sound_model_is_read(parameters):
    rows, _ = clients(200, seed=4)
    model = load_model(model_text(rounds=5, **parameters))
    np.testing.assert_allclose(margins(model.trees, rows), model.margin(rows, NAMES), atol=1e-12, rtol=0)


def test_linear_trees_are_refused_because_they_have_no_contributions():
    with pytest.raises(InvalidModel) as caught:
        load_model(model_text(linear_tree=True))
    assert caught.value.code == "linear_trees"


@settings(max_examples=60, deadline=None)
@given(st.integers(0, TEXT.index("end of trees") - 1))
def test_a_text_cut_anywhere_in_its_trees_is_refused(length):
    with pytest.raises(InvalidModel):
        load_model(TEXT[:length])


def test_a_random_forest_is_refused_because_its_contributions_do_not_add_up():
    text = model_text(boosting="rf", bagging_fraction=0.5, bagging_freq=1)
    with pytest.raises(InvalidModel) as caught:
        load_model(text)
    assert caught.value.code == "averaged_trees"
