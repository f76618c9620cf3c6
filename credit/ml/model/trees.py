"""One tree of a LightGBM text model: read by a strict grammar, each field checked against the others."""

import re
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

#: The fields of a tree in the order in which LightGBM 3 and 4 write them; those of ``_OPTIONAL`` may be missing.
_INTEGERS: Final = r"[-0-9 ]*"
_NUMBERS: Final = r"[-+.0-9aefin ]*"
_FIELDS: Final = {
    "num_leaves": r"[0-9]{1,6}",
    "num_cat": r"[0-9]{1,6}",
    "split_feature": _INTEGERS,
    "split_gain": _NUMBERS,
    "threshold": _NUMBERS,
    "decision_type": _INTEGERS,
    "left_child": _INTEGERS,
    "right_child": _INTEGERS,
    "leaf_value": _NUMBERS,
    "leaf_weight": _NUMBERS,
    "leaf_count": _INTEGERS,
    "internal_value": _NUMBERS,
    "internal_weight": _NUMBERS,
    "internal_count": _INTEGERS,
    "cat_boundaries": _INTEGERS,
    "cat_threshold": _INTEGERS,
    "is_linear": "0",
    "shrinkage": r"[-+.0-9e]+",
}
_OPTIONAL: Final = ("cat_boundaries", "cat_threshold", "is_linear")
_GRAMMAR: Final = re.compile(
    r"Tree=(?P<number>[0-9]+)\n"
    + "".join(
        f"(?:{name}=(?P<{name}>{value})\n)" + ("?" if name in _OPTIONAL else "") for name, value in _FIELDS.items()
    )
    + r"\n+"
)
_PER_SPLIT: Final = ("split_gain", "internal_value", "internal_weight")  # not used here, but LightGBM reads them
_DECISION_TYPES: Final = 12  # 1 on categories, 2 a missing value goes left, 4 and 8 what counts as missing
_MOST_COUNT: Final = 2**31
_MOST_BITS: Final = 2**32
#: TreeSHAP recurses as deep as the tree, with memory in the square of that.
_DEEPEST: Final = 500


class InvalidModel(ValueError):  # noqa: N818 - the name says what happened
    """A text that is not a usable model; ``code`` is for programs, ``detail`` names the place."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Tree:
    """One tree: arrays over its splits (S,) and leaves (S + 1,); a negative child is leaf ``-child - 1``.

    Children come after their parents. Counts are those of the clients in training: each split's is the sum of its
    sides', and none is zero. A split on categories has the index of its set as ``threshold``: the bits
    ``cat_boundaries[index]`` to ``cat_boundaries[index + 1]`` of ``cat_threshold``, 32 categories each.
    """

    split_feature: NDArray[np.int64]
    threshold: NDArray[np.float64]
    decision_type: NDArray[np.int64]
    left_child: NDArray[np.int64]
    right_child: NDArray[np.int64]
    split_count: NDArray[np.int64]
    leaf_value: NDArray[np.float64]
    leaf_count: NDArray[np.int64]
    cat_boundaries: NDArray[np.int64]
    cat_threshold: NDArray[np.int64]

    @property
    def is_categorical(self) -> bool:
        return len(self.cat_boundaries) > 1


def read_tree(block: str, number: int, features: int) -> Tree:
    """The tree of a block of lines; raises InvalidModel."""
    if "\nis_linear=1\n" in block:
        raise InvalidModel("linear_trees", f"Tree={number}")
    fields = _GRAMMAR.fullmatch(block)
    if fields is None or int(fields["number"]) != number:
        raise InvalidModel("malformed_tree", f"Tree={number}")
    try:
        tree = Tree(
            split_feature=_integers(fields["split_feature"]),
            threshold=_numbers(fields["threshold"]),
            decision_type=_integers(fields["decision_type"]),
            left_child=_integers(fields["left_child"]),
            right_child=_integers(fields["right_child"]),
            split_count=_integers(fields["internal_count"]),
            leaf_value=_numbers(fields["leaf_value"]),
            leaf_count=_integers(fields["leaf_count"]),
            cat_boundaries=_integers(fields["cat_boundaries"] or "0"),
            cat_threshold=_integers(fields["cat_threshold"] or ""),
        )
        unused = [_numbers(fields[name]) for name in _PER_SPLIT]
        leaf_weight = _numbers(fields["leaf_weight"])
    except (ValueError, OverflowError) as error:
        raise InvalidModel("malformed_tree", f"Tree={number}") from error
    leaves = int(fields["num_leaves"])
    lengths = {len(values) for values in unused}
    if leaves > 1:  # of a single leaf LightGBM reads the value alone
        lengths |= {leaves - 1, len(leaf_weight) - 1, len(tree.leaf_count) - 1}
    if len(lengths) > 1 or not _has_shape(tree, leaves, features) or not _has_sets(tree, int(fields["num_cat"])):
        raise InvalidModel("malformed_tree", f"Tree={number}")
    if leaves > 1:
        _check_counts(tree, number)
        _check_depth(tree, number)
    return tree


def _integers(line: str) -> NDArray[np.int64]:
    return np.array(line.split(" ") if line else [], dtype=np.int64)


def _numbers(line: str) -> NDArray[np.float64]:
    return np.array(line.split(" ") if line else [], dtype=np.float64)


def _has_shape(tree: Tree, leaves: int, features: int) -> bool:
    """Whether each leaf, and each split except the root, is the child of exactly one split before it."""
    splits = leaves - 1
    per_split = (
        tree.split_feature,
        tree.threshold,
        tree.decision_type,
        tree.left_child,
        tree.right_child,
        tree.split_count,
    )
    if leaves < 1 or any(len(values) != splits for values in per_split) or len(tree.leaf_value) != leaves:
        return False
    if not np.isfinite(tree.leaf_value).all() or np.isnan(tree.threshold).any():
        return False
    if splits == 0:
        return True
    children = np.stack([tree.left_child, tree.right_child])
    expected = np.concatenate([np.arange(-leaves, 0), np.arange(1, splits)])
    is_after = (children < 0) | (children > np.arange(splits))
    in_range = (tree.split_feature >= 0) & (tree.split_feature < features)
    known = (tree.decision_type >= 0) & (tree.decision_type < _DECISION_TYPES)
    return bool(is_after.all() and in_range.all() and known.all()) and np.array_equal(np.sort(children, None), expected)


def _has_sets(tree: Tree, sets: int) -> bool:
    """Whether the splits on categories name each of the tree's ``sets`` of categories once, and these are all there."""
    named = np.sort(tree.threshold[tree.decision_type & 1 == 1])
    boundaries, bits = tree.cat_boundaries, tree.cat_threshold
    return (
        np.array_equal(named, np.arange(sets))
        and len(boundaries) == sets + 1
        and boundaries[0] == 0
        and boundaries[-1] == len(bits)
        and bool((np.diff(boundaries) >= 0).all() and (bits >= 0).all() and (bits < _MOST_BITS).all())
    )


def _check_counts(tree: Tree, number: int) -> None:
    """Raises InvalidModel where the counts of clients, by which SHAP values weigh the sides, do not add up."""
    below = [
        np.where(child >= 0, tree.split_count[np.maximum(child, 0)], tree.leaf_count[np.maximum(-child - 1, 0)])
        for child in (tree.left_child, tree.right_child)
    ]
    is_positive = (tree.leaf_count > 0).all() and (tree.split_count < _MOST_COUNT).all()
    if not is_positive or not np.array_equal(below[0] + below[1], tree.split_count):
        raise InvalidModel("no_counts", f"Tree={number}")


def _check_depth(tree: Tree, number: int) -> None:
    splits = len(tree.split_feature)
    if splits <= _DEEPEST:
        return
    depth = [1] * splits
    for split, children in enumerate(zip(tree.left_child.tolist(), tree.right_child.tolist(), strict=True)):
        for child in children:
            if child >= 0:
                depth[child] = depth[split] + 1
    if max(depth) > _DEEPEST:
        raise InvalidModel("too_deep", f"Tree={number}")
