"""Puts a file's tensors into a network, all of them or none, and says which one does not fit."""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
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

#: Counters that training keeps and older files lack, and positions that older files hold though they are constants.
_OPTIONAL: Final = ("num_batches_tracked", "position_ids")
#: DenseNet's layers were called otherwise when its weights were published. Source: torchvision/models/densenet.py.
_OLD_DENSENET: Final = re.compile(r"(denselayer\d+\.(?:norm|conv))\.(\d)\.")


def read_tensors(path: Path) -> dict[str, Tensor]:
    """The tensors of a safetensors file, or of a hub's older file (numbers only, never code), as float32."""
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


class _Undrawn(TorchFunctionMode):
    """Within, new layers are filled with zeros: drawing random numbers takes seconds for a large network."""

    def __torch_function__(
        self, func: Callable[..., object], types: object, args: tuple[object, ...] = (), kwargs: object = None
    ) -> object:
        named: dict[str, object] = kwargs if isinstance(kwargs, dict) else {}
        if getattr(func, "__name__", "") in ("normal_", "uniform_"):
            tensor = args[0] if args else named["tensor"]
            with torch.no_grad():
                return tensor.zero_() if isinstance(tensor, Tensor) else tensor
        return func(*args, **named)


def drawing(located: LocatedWeights) -> AbstractContextManager[object]:
    """Builds networks with random numbers only where no file will replace them."""
    return _Undrawn() if located.file else nullcontext()


def fill_from(network: nn.Module, located: LocatedWeights, *, ignored: Sequence[str] = ()) -> WeightsRecord:
    """Gives the network the located numbers, or leaves it its random ones; the record says which they are."""
    if located.file is None:
        return replace(located.record, sha256=tensors_sha256(network))
    fill(network, read_tensors(located.file), located.file, ignored=ignored)
    return located.record


def fill(network: nn.Module, tensors: Mapping[str, Tensor], path: Path, *, ignored: Sequence[str] = ()) -> None:
    """Copies the tensors into the network; those whose name begins with one of ``ignored`` are left out.

    Raises ``BenchmarkError`` naming the file and the first tensor that is missing, unknown or of another shape.
    """
    wanted = network.state_dict()
    given = {
        name: tensor
        for name, tensor in tensors.items()
        if name in wanted or not (name.endswith(_OPTIONAL) or name.startswith(tuple(ignored)))
    }
    for name, place in wanted.items():
        if name not in given and not name.endswith(_OPTIONAL):
            raise BenchmarkError(_("{path} has no tensor “{name}”, which the network needs."), path=path, name=name)
        if name in given and given[name].shape != place.shape:
            raise BenchmarkError(
                _("{path}: tensor “{name}” is {found} and the network needs {needed}."),
                path=path,
                name=name,
                found=tuple(given[name].shape),
                needed=tuple(place.shape),
            )
    unknown = next((name for name in given if name not in wanted), None)
    if unknown:
        raise BenchmarkError(
            _("{path} has a tensor “{name}”, which the network does not know."), path=path, name=unknown
        )
    network.load_state_dict({name: given.get(name, torch.zeros_like(place)) for name, place in wanted.items()})


def tensors_sha256(network: nn.Module) -> str:
    """The sha256 of a network's tensors with their names: which random numbers it started from."""
    digest = hashlib.sha256()
    for name, tensor in sorted(network.state_dict().items()):
        digest.update(name.encode())
        digest.update(tensor.detach().cpu().contiguous().flatten().view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()


def save_weights(encoder: Encoder, path: Path) -> None:
    """Writes the encoder's numbers, rounded to 16 bits, as a file that ``load_encoder`` reads."""
    network = encoder.network if isinstance(encoder, TextImageEncoder) else encoder.module
    save_file({name: tensor.detach().cpu().half().contiguous() for name, tensor in network.state_dict().items()}, path)
