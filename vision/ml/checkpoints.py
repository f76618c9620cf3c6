"""Tensors in files, without pickle."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import orjson
from safetensors import safe_open
from safetensors.torch import save
from torch import Tensor

from vision.ml.atomic_files import atomic_writer
from vision.ml.records import from_json, to_json

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Card = TypeVar("Card")


def save_tensors(path: Path, tensors: Mapping[str, Tensor], card: "DataclassInstance") -> None:
    """Writes named tensors and the card that describes them; an existing file is replaced."""
    contents = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    with atomic_writer(path) as stream:
        stream.write(save(contents, {"card": orjson.dumps(to_json(card)).decode()}))


def load_tensors(path: Path, kind: type[Card]) -> tuple[dict[str, Tensor], Card]:
    """The tensors, on the CPU, and the card of a file that ``save_tensors`` wrote."""
    with safe_open(path, framework="pt") as file:
        card = from_json(kind, orjson.loads(file.metadata()["card"]))
        return {name: file.get_tensor(name) for name in file.keys()}, card  # noqa: SIM118 (not a mapping)


def tensors_below(tensors: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    """The tensors whose names begin with the prefix, by the rest of their names."""
    return {name.removeprefix(prefix): tensor for name, tensor in tensors.items() if name.startswith(prefix)}
