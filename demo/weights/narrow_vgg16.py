"""Trains the narrow VGG16 to tell the kinds of drawn products apart."""

from typing import Final

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy
from torchvision.models.vgg import make_layers

from demo.products.catalogue import KINDS
from demo.weights.lessons import Lessons
from vision.ml.augmentation import augment
from vision.ml.encoders import Encoder, load_encoder
from vision.ml.encoders.classifiers import NARROW, NARROW_VGG16, GlobalAveragePooling
from vision.ml.types import ProgressCallback
from vision.ml.weights import WeightsLocator

STAGE: Final = "training the narrow VGG16"
_BATCH: Final = 64
_MOST_RATE: Final = 3e-3
_WEIGHT_DECAY: Final = 1e-2
_SMOOTHING: Final = 0.1


def train_narrow_vgg16(lessons: Lessons, *, seed: int, epochs: int, on_progress: ProgressCallback) -> Encoder:
    """The trained encoder. Batch normalisation helps it learn; it is then folded into the convolutions."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    cpu = torch.device("cpu")
    encoder = load_encoder(NARROW, weights=WeightsLocator(None, from_scratch=True), device=cpu, seed=seed)
    layers = make_layers(list(NARROW_VGG16), batch_norm=True)
    network = nn.Sequential(layers, GlobalAveragePooling(), nn.Linear(encoder.dimension, len(KINDS)))
    network = network.to(memory_format=torch.channels_last)
    optimiser = torch.optim.AdamW(network.parameters(), weight_decay=_WEIGHT_DECAY)
    steps = len(lessons.kinds) // _BATCH * epochs
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, _MOST_RATE, total_steps=steps)
    done = 0
    for _ in range(epochs):
        for batch in np.array_split(rng.permutation(len(lessons.kinds))[: steps // epochs * _BATCH], steps // epochs):
            images = torch.from_numpy(lessons.pixels[batch]).float() / 255
            images = augment(images, rng.integers(2**62, size=len(batch)))
            logits = network(encoder.preprocessing.normalise(images))
            loss = cross_entropy(logits, torch.from_numpy(lessons.kinds[batch]), label_smoothing=_SMOOTHING)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            schedule.step()
            done += 1
            on_progress(done, steps, STAGE)
    encoder.module.load_state_dict(fold(layers))
    return encoder


def fold(layers: nn.Sequential) -> dict[str, Tensor]:
    """The tensors of the same layers without batch normalisation, which compute what these compute in evaluation."""
    tensors: dict[str, Tensor] = {}
    place = 0
    for layer, following in zip(layers, [*[*layers][1:], nn.Identity()], strict=True):
        if isinstance(layer, nn.BatchNorm2d):
            continue
        if isinstance(layer, nn.Conv2d) and isinstance(following, nn.BatchNorm2d) and layer.bias is not None:
            mean, variance = following.running_mean, following.running_var
            assert mean is not None and variance is not None  # noqa: S101 - only for type checkers
            scale = following.weight / torch.sqrt(variance + following.eps)
            tensors[f"features.{place}.weight"] = (layer.weight * scale.view(-1, 1, 1, 1)).detach()
            tensors[f"features.{place}.bias"] = ((layer.bias - mean) * scale + following.bias).detach()
        place += 1
    return tensors
