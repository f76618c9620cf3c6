"""Loads a file's tensors into a network, all or none, and names the first that does not fit."""

import hashlib
import re
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path
from pickle import UnpicklingError
from typing import Final

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from vision.ml.encoders.encoder import Encoder, TextImageEncoder
from vision.ml.types import BenchmarkError, WeightsRecord
from vision.ml.weights import LocatedWeights
from vision.ml.wording import gettext_noop as _

#: Training counters, which older files lack, and constant positions, which only older files hold.
_OPTIONAL: Final = ("num_batches_tracked", "position_ids")
#: DenseNet's layers had other names when its weights were published. Source: torchvision/models/densenet.py.
_OLD_DENSENET: Final = re.compile(r"(denselayer\d+\.(?:norm|conv))\.(\d)\.")


def read_tensors(path: Path) -> dict[str, Tensor]:
    """The tensors of a safetensors file, or of a pickle that holds nothing but tensors, as float32."""
    try:
        if path.suffix == ".safetensors":
            tensors = load_file(path)
        else:
            tensors = torch.load(path, map_location="cpu", weights_only=True)
    except (SafetensorError, UnpicklingError, OSError, RuntimeError, EOFError) as error:
        raise BenchmarkError(_("{path} cannot be read: {reason}"), path=path, reason=error) from error
    return {
        _OLD_DENSENET.sub(r"\1\2.", name): tensor.float() if tensor.is_floating_point() else tensor
        for name, tensor in tensors.items()
    }


class _ZeroInitialisation(TorchFunctionMode):
    """Fills new layers with zeros within the block: drawing random numbers takes seconds for a large network."""

    def __torch_function__(
        self, func: Callable[..., object], types: object, args: tuple[object, ...] = (), kwargs: object = None
    ) -> object:
        named: dict[str, object] = kwargs if isinstance(kwargs, dict) else {}
        if getattr(func, "__name__", "") in ("normal_", "uniform_"):
            tensor = args[0] if args else named["tensor"]
            with torch.no_grad():
                return tensor.zero_() if isinstance(tensor, Tensor) else tensor
        return func(*args, **named)


def initialisation(located: LocatedWeights) -> AbstractContextManager[object]:
    """Draws random numbers for the networks built within the block only if no file will replace them."""
    return _ZeroInitialisation() if located.file else nullcontext()


def load_weights(network: nn.Module, located: LocatedWeights, *, ignored: Sequence[str] = ()) -> WeightsRecord:
    """Copies the located weights into the network, or keeps its random ones; the record says which they are.

    Tensors of the file whose names begin with one of ``ignored`` are left out. Raises ``BenchmarkError`` naming the
    first tensor that is missing, unknown or of another shape.
    """
    path = located.file
    if path is None:
        return replace(located.record, sha256=tensors_sha256(network))
    needed = network.state_dict()
    tensors = {
        name: tensor
        for name, tensor in read_tensors(path).items()
        if name in needed or not (name.endswith(_OPTIONAL) or name.startswith(tuple(ignored)))
    }
    for name, tensor in needed.items():
        if name not in tensors and not name.endswith(_OPTIONAL):
            raise BenchmarkError(_("{path} has no tensor “{name}”, which the network needs."), path=path, name=name)
        if name in tensors and tensors[name].shape != tensor.shape:
            raise BenchmarkError(
                _("{path}: tensor “{name}” is {found} and the network needs {needed}."),
                path=path,
                name=name,
                found=tuple(tensors[name].shape),
                needed=tuple(tensor.shape),
            )
    unknown = next((name for name in tensors if name not in needed), None)
    if unknown:
        raise BenchmarkError(
            _("{path} has a tensor “{name}”, which the network does not know."), path=path, name=unknown
        )
    network.load_state_dict({name: tensors.get(name, torch.zeros_like(tensor)) for name, tensor in needed.items()})
    return located.record


def tensors_sha256(network: nn.Module) -> str:
    """The sha256 of a network's tensors and their names."""
    digest = hashlib.sha256()
    for name, tensor in sorted(network.state_dict().items()):
        digest.update(name.encode())
        digest.update(tensor.detach().cpu().contiguous().flatten().view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()


def save_weights(encoder: Encoder, path: Path) -> None:
    """Writes the encoder's weights, rounded to 16 bits, to a file that ``load_encoder`` reads."""
    network = encoder.network if isinstance(encoder, TextImageEncoder) else encoder.module
    save_file({name: tensor.detach().cpu().half().contiguous() for name, tensor in network.state_dict().items()}, path)
