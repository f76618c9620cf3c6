"""Tensors in files: the whole file or nothing, whenever the process or the machine stops. No pickle."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

from safetensors import safe_open
from safetensors.torch import save
from torch import Tensor


def save_tensors(path: Path, tensors: Mapping[str, Tensor], card: Mapping[str, object]) -> None:
    """Writes named tensors and their card, which is storable as JSON; a file that was there is replaced."""
    path.parent.mkdir(parents=True, exist_ok=True)
    whole = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    half = path.with_suffix(".part")
    with half.open("wb") as stream:
        stream.write(save(whole, {"card": json.dumps(card)}))
        stream.flush()
        os.fsync(stream.fileno())
    half.replace(path)


def load_tensors(path: Path) -> tuple[dict[str, Tensor], dict[str, object]]:
    """The tensors, on the CPU, and the card of a file that ``save_tensors`` wrote."""
    with safe_open(path, framework="pt") as file:
        card: dict[str, object] = json.loads(file.metadata()["card"])
        return {name: file.get_tensor(name) for name in file.keys()}, card  # noqa: SIM118 (not a mapping)
