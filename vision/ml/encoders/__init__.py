"""Networks that encode images, and some of them texts: torchvision's classifiers, CLIP, SigLIP 2, the demo's."""

from collections.abc import Sequence
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
from vision.ml.prompts import refuse_equal
from vision.ml.types import BenchmarkError
from vision.ml.weights import LocatedWeights, WeightsLocator
from vision.ml.wording import gettext_noop as _

__all__ = [
    "IMAGE_TEXT",
    "Encoder",
    "Preprocessing",
    "TextImageEncoder",
    "Tokenizer",
    "check_texts",
    "is_mixed",
    "load_encoder",
    "mixed_precision",
    "save_weights",
]

#: Architectures that also encode texts.
IMAGE_TEXT: Final = ("clip-vit-base-patch32", "clip-small", "siglip2-base-patch16-224")


def check_texts(
    located: LocatedWeights, weights: WeightsLocator, texts: Sequence[Sequence[str]], classes: Sequence[str]
) -> list[str]:
    """The sentences whose end the text encoder does not read.

    Raises ``BenchmarkError`` when the tokenizer's files are missing or two classes read the same.
    """
    # transformers takes seconds to import
    from vision.ml.encoders.image_text import load_tokenizer

    tokenizer = load_tokenizer(located, weights)
    if texts:
        refuse_equal([set(map(tuple, tokenizer(sentences).tolist())) for sentences in texts], classes)
    return [text for sentences in texts for text in sentences if tokenizer.cuts(text)]


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
