"""Reads LightGBM's text models: header and trees, checked before the C++ library reads them."""

import re
from dataclasses import dataclass
from typing import Final, NoReturn

import numpy as np
from numpy.typing import NDArray

_TREE: Final = re.compile(rb"Tree=(\d+)\n")
_PROBABILITY_OBJECTIVES: Final = ("binary", "cross_entropy")


class InvalidModel(ValueError):  # noqa: N818 - the name says what happened
    """A text that is not a usable model; ``code`` is for programs, ``detail`` says what is wrong."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Header:
    """What precedes the trees: the columns in the model's order and the size of each tree in bytes."""

    feature_names: tuple[str, ...]
    tree_sizes: tuple[int, ...]
    start: int


@dataclass(frozen=True, slots=True)
class Tree:
    """One tree: arrays over its splits (S,) and leaves (S + 1,); a negative child is leaf ``-child - 1``."""

    split_feature: NDArray[np.int64]
    threshold: NDArray[np.float64]
    decision_type: NDArray[np.int64]
    left_child: NDArray[np.int64]
    right_child: NDArray[np.int64]
    split_count: NDArray[np.float64]
    leaf_value: NDArray[np.float64]
    leaf_count: NDArray[np.float64]
    is_categorical: bool
    is_linear: bool


def read_header(content: bytes) -> Header:
    """The header of a model that predicts one probability; raises InvalidModel."""
    head, separator, _ = content.partition(b"\nTree=")
    if not head.startswith(b"tree\n"):
        _refuse("not_lightgbm_text", "the first line is not 'tree'")
    if not separator:
        _refuse("truncated", "no tree follows the header")
    lines = head.decode("utf-8").splitlines()
    values = dict(line.split("=", 1) for line in lines if "=" in line)
    _check_objective(values, lines)
    names = tuple(values.get("feature_names", "").split(" "))
    if len(names) != _integer(values, "max_feature_idx") + 1:
        _refuse("truncated", "the number of feature names differs from max_feature_idx + 1")
    if len(set(names)) != len(names):
        _refuse("duplicate_features", ", ".join(sorted({name for name in names if names.count(name) > 1})))
    sizes = values.get("tree_sizes", "").split()
    if not sizes or not all(size.isdecimal() for size in sizes):
        _refuse("truncated", "the sizes of the trees are missing")
    return Header(names, tuple(int(size) for size in sizes), len(head) + 1)


def read_trees(content: bytes, header: Header) -> list[Tree]:
    """All trees in order, each complete and well-formed; raises InvalidModel."""
    trees = []
    position = header.start
    for number, size in enumerate(header.tree_sizes):
        block = content[position : position + size]
        position += size
        start = _TREE.match(block)
        if start is None or int(start[1]) != number or len(block) != size:
            _refuse("truncated", f"tree {number} is incomplete")
        trees.append(_read_tree(block, number, len(header.feature_names)))
    if not content[position:].startswith(b"end of trees"):
        _refuse("truncated", "the line 'end of trees' is missing")
    return trees


def _check_objective(values: dict[str, str], lines: list[str]) -> None:
    objective = values.get("objective", "none")
    if objective.split(" ")[0] not in _PROBABILITY_OBJECTIVES:
        _refuse("not_binary", f"objective {objective}")
    if values.get("num_class") != "1" or values.get("num_tree_per_iteration") != "1":
        _refuse("not_binary", f"{values.get('num_class')} classes")
    if objective.startswith("binary") and float(objective.partition("sigmoid:")[2] or 1) != 1:
        _refuse("scaled_sigmoid", objective)
    if "average_output" in lines:
        _refuse("averaged_trees", "a random forest's SHAP values do not add up to its output")


def _read_tree(block: bytes, number: int, features: int) -> Tree:
    try:
        values = dict(line.split("=", 1) for line in block.decode("utf-8").splitlines() if "=" in line)
        tree = Tree(
            split_feature=np.array(values["split_feature"].split(), dtype=np.int64),
            threshold=np.array(values["threshold"].split(), dtype=np.float64),
            decision_type=np.array(values["decision_type"].split(), dtype=np.int64),
            left_child=np.array(values["left_child"].split(), dtype=np.int64),
            right_child=np.array(values["right_child"].split(), dtype=np.int64),
            split_count=np.array(values["internal_count"].split(), dtype=np.float64),
            leaf_value=np.array(values["leaf_value"].split(), dtype=np.float64),
            leaf_count=np.array(values["leaf_count"].split(), dtype=np.float64),
            is_categorical=int(values["num_cat"]) > 0,
            is_linear=int(values.get("is_linear", "0")) > 0,
        )
        leaves = int(values["num_leaves"])
    except (KeyError, ValueError) as error:
        raise InvalidModel("malformed_tree", f"tree {number}: {error}") from error
    if not _is_well_formed(tree, leaves, features):
        _refuse("malformed_tree", f"tree {number}: its splits and leaves do not form a tree")
    return tree


def _is_well_formed(tree: Tree, leaves: int, features: int) -> bool:
    """Whether each leaf, and each split except the root, is the child of exactly one split."""
    splits = leaves - 1
    per_split = (tree.split_feature, tree.threshold, tree.decision_type, tree.left_child, tree.right_child)
    if leaves < 1 or any(len(values) != splits for values in per_split) or len(tree.leaf_value) != leaves:
        return False
    children = np.sort(np.concatenate([tree.left_child, tree.right_child]))
    expected = np.concatenate([np.arange(-leaves, 0), np.arange(1, splits)]) if splits else children
    in_range = bool(((tree.split_feature >= 0) & (tree.split_feature < features)).all())
    return in_range and np.array_equal(children, expected) and bool(np.isfinite(tree.leaf_value).all())


def _integer(values: dict[str, str], key: str) -> int:
    value = values.get(key, "")
    if not value.isdecimal():
        _refuse("truncated", f"{key} is missing")
    return int(value)


def _refuse(code: str, detail: str) -> NoReturn:
    raise InvalidModel(code, detail)
