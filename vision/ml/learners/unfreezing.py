"""Trains some layers of an encoder for a while and restores them afterwards."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from typing import Final

import torch
from torch import Tensor, nn

from vision.ml.encoded_dataset import EncodedDataset
from vision.ml.encoders import Encoder, mixed_precision
from vision.ml.learners.classifier import FeatureClassifier
from vision.ml.learners.task import Learned, Task
from vision.ml.training import Lesson, Tick, TrainingResult

#: Images per micro-batch; few on a CPU, so that a cancelled run stops within seconds.
_MICRO_BATCH_ON_CPU: Final = 8
_MICRO_BATCH_ON_GPU: Final = 128


def last_layers(module: nn.Module, share: float) -> dict[str, nn.Parameter]:
    """The parameters of the last ``share`` of the module's layers (tensors of two or more dimensions)."""
    parameters = list(module.named_parameters())
    layers = [place for place, (_, parameter) in enumerate(parameters) if parameter.ndim > 1]
    first = layers[-max(1, round(share * len(layers)))]
    return dict(parameters[first:])


@contextmanager
def unfrozen(network: nn.Module, parameters: Mapping[str, nn.Parameter]) -> Iterator[None]:
    """Makes only these parameters of the network trainable within the block, then restores their values."""
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


def micro_batches(positions: Tensor, device: torch.device) -> tuple[Tensor, ...]:
    """The positions in parts that the device processes within a second or two."""
    return torch.split(positions, _MICRO_BATCH_ON_GPU if device.type == "cuda" else _MICRO_BATCH_ON_CPU)


def current_features(encoder: Encoder, images: Tensor) -> Tensor:
    """Features, (B, D) float32, of images in 0..1, (B, 3, S, S), with the encoder's current parameters."""
    normalised = encoder.preprocessing.normalise(images).contiguous(memory_format=torch.channels_last)
    with mixed_precision(images.device) if torch.is_grad_enabled() else nullcontext():
        features: Tensor = encoder.module(normalised)
    return features.float()


def features_at(encoded: EncodedDataset, positions: Tensor, tick: Tick) -> Tensor:
    """Current features, (B, D), of the images at these positions, in full precision and without gradients."""
    rows = []
    for micro_batch in micro_batches(positions, positions.device):
        with torch.no_grad():
            rows.append(current_features(encoded.encoder, encoded.images.squares(micro_batch)))
        tick(len(micro_batch))
    return torch.cat(rows)


def learned_unfrozen(
    task: Task,
    classifier: FeatureClassifier,
    result: TrainingResult,
    lesson: Lesson,
    layers: Mapping[str, nn.Parameter],
) -> Learned:
    """The outcome of a training that changed these layers of the image encoder, taken before they are restored."""
    everything = torch.arange(len(task.labels), device=task.device)
    return Learned(
        classifier,
        features_at(task.encoded, everything, task.tick),
        result.curve,
        result.best_epoch,
        changed={name: parameter.detach().clone() for name, parameter in layers.items()},
        choices={"first_unfrozen": next(iter(layers))},
        trained_parameters=sum(parameter.numel() for parameter in lesson.parameters.values()),
    )
