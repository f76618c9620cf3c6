"""Encoders: pixels in, one row of features per image out."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor, nn

from vision.ml.images import Fit, Interpolation
from vision.ml.types import WeightsRecord


@dataclass(frozen=True)
class Preprocessing:
    """How images are prepared for a network; ``mean`` and ``std`` are per channel, of values in 0..1."""

    size: int
    fit: Fit
    interpolation: Interpolation
    mean: tuple[float, float, float]
    std: tuple[float, float, float]

    def normalise(self, images: Tensor) -> Tensor:
        """Images in 0..1, (B, 3, S, S), centred and scaled per channel."""
        mean, std = (torch.tensor(values, device=images.device).view(1, 3, 1, 1) for values in (self.mean, self.std))
        return (images - mean) / std


@dataclass(frozen=True, eq=False)
class Encoder:
    """A network without its classifier.

    ``module``, in evaluation mode, turns normalised images, (B, 3, S, S), into features, (B, ``dimension``).
    """

    architecture: str
    dimension: int
    preprocessing: Preprocessing
    weights: WeightsRecord
    module: nn.Module

    @property
    def device(self) -> torch.device:
        return next(self.module.parameters()).device

    @property
    def parameters(self) -> int:
        """The number of the network's parameters."""
        return sum(parameter.numel() for parameter in self.module.parameters())


class Tokenizer(Protocol):
    def __call__(self, texts: Sequence[str]) -> Tensor:
        """Token ids of the texts, (T, L) int64; longer texts are truncated."""
        ...


@dataclass(frozen=True, eq=False)
class TextImageEncoder(Encoder):
    """Images and texts in one space; the logit of a pair is cosine × ``logit_scale`` + ``logit_bias``.

    ``module`` gives unnormalised image embeddings; ``text_module`` turns token ids, (T, L), into unnormalised text
    embeddings, (T, ``dimension``). ``network`` is the whole model with its parameter ``logit_scale``, a logarithm.
    """

    text_module: nn.Module
    tokenizer: Tokenizer
    network: nn.Module

    @property
    def parameters(self) -> int:
        """The number of parameters of both towers."""
        return sum(parameter.numel() for parameter in self.network.parameters())

    @property
    def logit_scale(self) -> float:
        """The factor of the cosines, from the checkpoint."""
        return math.exp(self.network.get_parameter("logit_scale").item())

    @property
    def logit_bias(self) -> float:
        """SigLIP's bias; 0 for CLIP."""
        named = dict(self.network.named_parameters(recurse=False))
        return named["logit_bias"].item() if "logit_bias" in named else 0.0

    def encode_texts(self, texts: Sequence[str]) -> Tensor:
        """Unit rows, (T, D) float32, on the network's device."""
        with torch.no_grad():
            return nn.functional.normalize(self.text_module(self.tokenizer(texts).to(self.device)).float(), dim=-1)


def output_dimension(module: nn.Module, size: int, device: torch.device) -> int:
    """The number of features that the module gives for an image, measured with a black one."""
    with torch.no_grad():
        return int(module(torch.zeros(1, 3, size, size, device=device)).shape[1])


def is_mixed(device: torch.device) -> bool:
    """Whether networks compute in bfloat16 there: only on GPUs that support it in hardware."""
    return device.type == "cuda" and torch.cuda.is_bf16_supported(including_emulation=False)


def mixed_precision(device: torch.device) -> torch.autocast:
    """Computes in bfloat16 where ``is_mixed``, within the block."""
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=is_mixed(device))
