"""Trained contenders as small files that classify further images."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray

from vision.ml.checkpoints import load_tensors, save_tensors, tensors_below
from vision.ml.encoders import Encoder, load_encoder
from vision.ml.images import to_square
from vision.ml.learners import FeatureClassifier, Learned, probabilities
from vision.ml.learners.unfreezing import current_features
from vision.ml.types import BenchmarkError, WeightsSource
from vision.ml.weights import WeightsLocator
from vision.ml.wording import gettext_noop as _

#: Every run and ``classify`` draw the same random weights.
ENCODER_SEED: Final = 0
_FILE: Final = "contender.safetensors"


@dataclass(frozen=True)
class _Card:
    """What the file's tensors belong to; ``weights`` is the sha256 of the encoder's."""

    architecture: str
    weights: str
    is_from_scratch: bool
    classes: tuple[str, ...]
    widths: tuple[int, ...]
    has_unit_rows: bool


def save_contender(folder: Path, learned: Learned, encoder: Encoder, classes: Sequence[str]) -> None:
    """Writes the classifier and the tensors of the encoder that training changed."""
    card = _Card(
        architecture=encoder.architecture,
        weights=encoder.weights.sha256,
        is_from_scratch=encoder.weights.source is WeightsSource.NONE,
        classes=tuple(classes),
        widths=learned.classifier.widths,
        has_unit_rows=learned.classifier.has_unit_rows,
    )
    tensors = {f"classifier/{name}": tensor for name, tensor in learned.classifier.state_dict().items()}
    tensors |= {f"encoder/{name}": tensor for name, tensor in learned.changed.items()}
    save_tensors(folder / _FILE, tensors, card)


def classify(
    artefact: Path, image: NDArray[np.uint8], *, weights: WeightsLocator, device: torch.device
) -> NDArray[np.float32]:
    """Class probabilities, (C,), by the trained contender in the folder ``artefact``.

    ``image`` is (H, W, 3) as in the image cache. Raises BenchmarkError when the weights that the contender started from
    are missing or have changed.
    """
    tensors, card = load_tensors(artefact / _FILE, _Card)
    locator = WeightsLocator(weights.folder, from_scratch=card.is_from_scratch)
    encoder = load_encoder(card.architecture, weights=locator, device=device, seed=ENCODER_SEED)
    if encoder.weights.sha256 != card.weights:
        raise BenchmarkError(
            _("The weights of {architecture} are not those the contender was trained with."),
            architecture=card.architecture,
        )
    encoder.module.load_state_dict(tensors_below(tensors, "encoder/"), strict=False)
    classifier = FeatureClassifier(card.widths, has_unit_rows=card.has_unit_rows)
    classifier.load_state_dict(tensors_below(tensors, "classifier/"))
    shape = encoder.preprocessing
    square = np.ascontiguousarray(to_square(image, shape.size, shape.fit, shape.interpolation))
    with torch.no_grad():
        features = current_features(encoder, torch.from_numpy(square)[None].to(device).float() / 255)
    row: NDArray[np.float32] = probabilities(classifier.to(device), features)[0].numpy()
    return row
