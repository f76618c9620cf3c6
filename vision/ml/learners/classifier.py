"""The last step of every contender: from an encoder's features to logits."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import torch
from torch import Tensor, nn
from torch.nn import functional

#: A feature with a smaller deviation is constant and not scaled.
_MIN_DEVIATION: Final = 1e-6


class FeatureClassifier(nn.Module):
    """Features (B, D) to logits (B, C): rows of length 1 if asked, then scaled features, then dense layers with ReLU.

    A head has a hidden layer, a linear probe has none; the only layer of zero-shot holds the classes' text embeddings.
    """

    shift: Tensor
    scale: Tensor

    def __init__(self, widths: Sequence[int], *, dropout: float = 0.0, has_unit_rows: bool = False) -> None:
        super().__init__()
        self.widths = tuple(widths)
        self.has_unit_rows = has_unit_rows
        self.dropout = dropout
        self.layers = nn.ModuleList(nn.Linear(*pair) for pair in pairwise(widths))
        self.register_buffer("shift", torch.zeros(widths[0]))
        self.register_buffer("scale", torch.ones(widths[0]))

    @property
    def parameter_count(self) -> int:
        return sum(parameter.numel() for parameter in self.parameters())

    def forward(self, features: Tensor) -> Tensor:
        rows = functional.normalize(features, dim=-1) if self.has_unit_rows else features
        rows = (rows - self.shift) * self.scale
        for layer in self.layers[:-1]:
            rows = functional.dropout(functional.relu(layer(rows)), self.dropout, self.training)
        logits: Tensor = self.layers[-1](rows)
        return logits

    def initialise(self, seed: int) -> None:
        """Draws Glorot's uniform weights and sets the biases to 0, as Keras does for dense layers."""
        generator = torch.Generator().manual_seed(seed)
        for layer in self.layers:
            assert isinstance(layer, nn.Linear)  # noqa: S101
            weight = torch.empty(layer.weight.shape)
            nn.init.xavier_uniform_(weight, generator=generator)
            with torch.no_grad():
                layer.weight.copy_(weight)
                layer.bias.zero_()

    def set_linear(self, weights: Tensor, bias: Tensor) -> None:
        """Sets the last layer: weights (C, D), bias (C,)."""
        layer = self.layers[-1]
        assert isinstance(layer, nn.Linear)  # noqa: S101
        with torch.no_grad():
            layer.weight.copy_(weights)
            layer.bias.copy_(bias)

    def standardise_by(self, features: Tensor) -> None:
        """Scales every feature to mean 0 and deviation 1 over these images, (N, D)."""
        rows = functional.normalize(features, dim=-1) if self.has_unit_rows else features
        deviation = rows.double().std(0, correction=0)
        self.shift.copy_(rows.double().mean(0))
        self.scale.copy_(torch.where(deviation > _MIN_DEVIATION, 1 / deviation, torch.ones_like(deviation)))


def probabilities(classifier: FeatureClassifier, features: Tensor) -> Tensor:
    """Softmax of the logits, (N, C) float32 on the CPU; rows sum to 1 within 1e-5."""
    classifier.eval()
    with torch.inference_mode():
        logits: Tensor = classifier(features)
        return logits.double().softmax(-1).float().cpu()
