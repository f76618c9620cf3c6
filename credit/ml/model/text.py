"""Reads LightGBM's text models: every line is checked before the C++ library, which trusts them, reads one."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NoReturn

from credit.ml.model.categories import Levels, read_levels
from credit.ml.model.trees import InvalidModel, Tree, read_tree

#: A larger text is refused; 5,000 trees with 31 leaves have 17 million bytes.
LARGEST: Final = 200_000_000
_END: Final = "end of trees"
#: What follows the trees: importances, parameters, the categories of a DataFrame.
_TAIL_LINE: Final = re.compile(
    r"|feature_importances:|parameters:|end of parameters|\[[a-z_0-9]+: .*\]|pandas_categorical:.*|.+=[0-9.e+-]+"
)
_HEADER: Final = frozenset(
    {
        "version",
        "num_class",
        "num_tree_per_iteration",
        "label_index",
        "max_feature_idx",
        "objective",
        "average_output",
        "feature_names",
        "monotone_constraints",
        "feature_infos",
        "tree_sizes",
    }
)
_WHOLE: Final = re.compile(r"[0-9]{1,9}")
_NUMBER: Final = re.compile(r"[0-9]+(\.[0-9]+)?(e[-+]?[0-9]+)?")
#: Characters at which LightGBM ends a line or a text while this reader does not.
_CONTROL: Final = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class ModelText:
    """A checked text and what it says: columns in the model's order, trees, the categories of columns that have some.

    The text has LightGBM's own line ends, whatever those of the file were.
    """

    text: str
    feature_names: tuple[str, ...]
    trees: tuple[Tree, ...]
    levels: Mapping[str, Levels]


def read_text(text: str) -> ModelText:
    """A model that predicts one probability and can be explained; raises InvalidModel."""
    if len(text) > LARGEST:
        _refuse("too_large", f"{len(text)}")
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    if not text.strip():
        _refuse("empty", "0")
    if not text.startswith("tree\n"):
        _refuse("not_lightgbm_text", text[:20])
    head, separator, _ = text.partition("\nTree=")
    if not separator:
        _refuse("truncated", "Tree=0")
    if odd := _CONTROL.search(text):
        _refuse("control_character", f"U+{ord(odd[0]):04X}")
    values = _read_head(head)
    names = _read_names(values)
    sizes = values["tree_sizes"].split(" ")
    if not all(_WHOLE.fullmatch(size) for size in sizes):
        _refuse("malformed_header", "tree_sizes")
    trees, end = _read_trees(text.encode(), len(head.encode()) + 1, [int(size) for size in sizes], len(names))
    tail = text.encode()[end:].decode().split("\n")
    for line in tail[1:]:
        if not _TAIL_LINE.fullmatch(line):
            _refuse("malformed_header", line[:40])
    return ModelText(text, names, trees, read_levels(tail, names, values["feature_infos"].split(" ")))


def _read_head(head: str) -> dict[str, str]:
    values: dict[str, str] = {}
    for line in head.rstrip("\n").split("\n")[1:]:
        key, _, value = line.partition("=")
        if key not in _HEADER or key in values or ("=" in value and key != "feature_names"):
            _refuse("malformed_header", line[:40])
        values[key] = value
    if missing := _HEADER - {"objective", "average_output", "monotone_constraints"} - values.keys():
        _refuse("malformed_header", ", ".join(sorted(missing)))
    if values["version"] not in ("v3", "v4"):
        _refuse("malformed_header", f"version={values['version'][:20]}")
    _check_objective(values)
    return values


def _check_objective(values: dict[str, str]) -> None:
    objective, _, options = values.get("objective", "none").partition(" ")
    if objective not in ("binary", "cross_entropy"):
        _refuse("not_binary", objective[:40])
    if (values["num_class"], values["num_tree_per_iteration"]) != ("1", "1"):
        _refuse("not_binary", f"num_class={values['num_class'][:20]}")
    sigmoid = options.removeprefix("sigmoid:") or "1"
    if not _NUMBER.fullmatch(sigmoid):
        _refuse("malformed_header", f"objective={objective} {options[:40]}")
    if float(sigmoid) != 1:
        _refuse("scaled_sigmoid", options)
    if "average_output" in values:
        _refuse("averaged_trees", "average_output")


def _read_names(values: dict[str, str]) -> tuple[str, ...]:
    """The columns, as many as the header says everywhere."""
    names = tuple(values["feature_names"].split(" "))
    if not _WHOLE.fullmatch(values["max_feature_idx"]) or not all(names):
        _refuse("malformed_header", "max_feature_idx, feature_names")
    if not _WHOLE.fullmatch(values["label_index"]):
        _refuse("malformed_header", "label_index")
    for key in ("feature_names", "feature_infos", "monotone_constraints"):
        if key in values and len(values[key].split(" ")) != int(values["max_feature_idx"]) + 1:
            _refuse("malformed_header", f"max_feature_idx, {key}")
    if len(set(names)) != len(names):
        _refuse("duplicate_features", ", ".join(sorted({name for name in names if names.count(name) > 1})))
    return names


def _read_trees(content: bytes, start: int, sizes: list[int], features: int) -> tuple[tuple[Tree, ...], int]:
    """All trees in order, and where the line behind them starts."""
    trees = []
    for number, size in enumerate(sizes):
        block = content[start : start + size]
        start += size
        if len(block) != size or not block.startswith(b"Tree=") or not block.endswith(b"\n"):
            _refuse("truncated", f"Tree={number}")
        trees.append(read_tree(block.decode("utf-8", "replace"), number, features))
    if not content[start:].startswith(f"{_END}\n".encode()):
        _refuse("truncated", _END)
    return tuple(trees), start


def _refuse(code: str, detail: str) -> NoReturn:
    raise InvalidModel(code, detail)
