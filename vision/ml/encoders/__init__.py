"""Networks that encode images, and some of them texts: torchvision's classifiers, CLIP, SigLIP 2, the demo's."""

from typing import Final

import torch

from vision.ml.encoders.classifiers import classifier_names, load_classifier
from vision.ml.encoders.encoder import (
    Encoder,
    Preprocessing,
    TextImageEncoder,
    Tokenizer,
    is_mixed,
    mixed_precision,
)
from vision.ml.encoders.loading import save_weights
from vision.ml.types import BenchmarkError
from vision.ml.weights import WeightsLocator
from vision.ml.wording import gettext_noop as _

__all__ = [
    "IMAGE_TEXT",
    "Encoder",
    "Preprocessing",
    "TextImageEncoder",
    "Tokenizer",
    "is_mixed",
    "load_encoder",
    "mixed_precision",
    "save_weights",
]

#: Architectures that also encode texts.
IMAGE_TEXT: Final = ("clip-vit-base-patch32", "clip-small", "siglip2-base-patch16-224")


def load_encoder(architecture: str, *, weights: WeightsLocator, device: torch.device, seed: int) -> Encoder:
    """The encoder of this architecture on the device, frozen, with the weights that ``weights`` locates.

    ``seed`` is used if they are random. Raises ``BenchmarkError`` when they are missing or do not fit.
    """
    if architecture not in (*IMAGE_TEXT, *classifier_names()):
        raise BenchmarkError(
            _("There is no architecture “{name}”: {known} or torchvision's."),
            name=architecture,
            known=", ".join(IMAGE_TEXT),
        )
    located = weights.locate(architecture)
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(seed)
        if architecture not in IMAGE_TEXT:
            return load_classifier(located, device=device)
        # transformers takes seconds to import
        from vision.ml.encoders.image_text import load_image_text

        return load_image_text(located, weights, device=device)
