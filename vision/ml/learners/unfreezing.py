"""Lets some layers of an encoder learn for a while, and leaves the encoder as it was found."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from typing import Final

import torch
from torch import Tensor, nn

from vision.ml.encoders import Encoder, mixed_precision
from vision.ml.learners.square_images import SquareImages
from vision.ml.training import Tick

#: Images that go through together. On a CPU few, so that a cancelled run stops within seconds.
_PASS_ON_CPU: Final = 8
_PASS_ON_GPU: Final = 128


def last_layers(module: nn.Module, share: float) -> dict[str, nn.Parameter]:
    """The parameters of the last ``share`` of the module's layers (of its tensors of two or more dimensions)."""
    parameters = list(module.named_parameters())
    layers = [place for place, (_, parameter) in enumerate(parameters) if parameter.ndim > 1]
    first = layers[-max(1, round(share * len(layers)))]
    return dict(parameters[first:])


@contextmanager
def unfrozen(network: nn.Module, parameters: Mapping[str, nn.Parameter]) -> Iterator[None]:
    """Within, these parameters of the network learn, and no others; afterwards they have their old values."""
    before = {name: parameter.detach().clone() for name, parameter in parameters.items()}
    network.requires_grad_(False)
    for parameter in parameters.values():
        parameter.requires_grad_(True)
    try:
        yield
    finally:
        network.requires_grad_(False)
        for name, parameter in parameters.items():
            parameter.grad = None
            parameter.copy_(before[name])


def passes(positions: Tensor, device: torch.device) -> tuple[Tensor, ...]:
    """The positions in parts of a size that the device works off in a second or two."""
    return torch.split(positions, _PASS_ON_GPU if device.type == "cuda" else _PASS_ON_CPU)


def look(encoder: Encoder, images: Tensor) -> Tensor:
    """Features, (B, D) float32, of images in 0..1, (B, 3, S, S), as the encoder is now."""
    normalised = encoder.preprocessing.normalise(images).contiguous(memory_format=torch.channels_last)
    with mixed_precision(images.device) if torch.is_grad_enabled() else nullcontext():
        features: Tensor = encoder.module(normalised)
    return features.float()


def look_plainly(encoder: Encoder, images: SquareImages, positions: Tensor, tick: Tick) -> Tensor:
    """Features of plain images, (B, D), in full precision and without gradients."""
    rows = []
    for some in passes(positions, positions.device):
        with torch.no_grad():
            rows.append(look(encoder, images.squares(some).float() / 255))
        tick(len(some))
    return torch.cat(rows)
