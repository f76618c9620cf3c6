"""Trains the small CLIP on drawn products: first its image tower, then its text tower to match.

With a locked image tower the texts train in minutes.
Source: Zhai et al., "LiT: zero-shot transfer with locked-image text tuning", CVPR 2022.
"""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, log_softmax, normalize

from demo.products.catalogue import KINDS
from demo.weights.lessons import Captions, Lessons, caption
from vision.ml.encoders import TextImageEncoder, load_encoder
from vision.ml.types import ProgressCallback
from vision.ml.weights import WeightsLocator

ARCHITECTURE: Final = "clip-small"
IMAGES_STAGE: Final = "training the small CLIP on images"
TEXTS_STAGE: Final = "training the small CLIP on texts"
_BATCH: Final = 64
_MOST_RATE: Final = 1e-3
_WEIGHT_DECAY: Final = 0.05
_SMOOTHING: Final = 0.1
#: Multiplies cosines while the kinds are learnt; the initial value for the texts.
_SCALE: Final = 16.0
_MOST_SCALE: Final = math.log(100)  # Source: Radford et al. 2021, section 2.5


def train_small_clip(lessons: Lessons, *, seed: int, epochs: int, on_progress: ProgressCallback) -> TextImageEncoder:
    """The trained encoder; images are trained for ``epochs`` epochs, texts for half as many."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    cpu = torch.device("cpu")
    encoder = load_encoder(ARCHITECTURE, weights=WeightsLocator(None, from_scratch=True), device=cpu, seed=seed)
    if not isinstance(encoder, TextImageEncoder):
        raise TypeError(f"{ARCHITECTURE} reads texts.")
    _learn_images(encoder, lessons, rng, epochs, on_progress)
    _learn_texts(encoder, lessons, rng, max(1, epochs // 2), on_progress)
    encoder.network.requires_grad_(False).eval()
    return encoder


def _learn_images(
    encoder: TextImageEncoder, lessons: Lessons, rng: np.random.Generator, epochs: int, on_progress: ProgressCallback
) -> None:
    """Trains the image tower: each kind has a direction in the common space, which its images approach."""
    encoder.module.requires_grad_(True)
    directions = nn.Parameter(torch.randn(len(KINDS), encoder.dimension))
    steps = _batches(len(lessons.kinds), epochs, rng)
    optimiser, schedule = _optimisation([*encoder.module.parameters(), directions], len(steps))
    for done, batch in enumerate(steps):
        images = torch.from_numpy(lessons.pixels[batch]).float() / 255
        if rng.random() < 0.5:
            images = images.flip(-1)
        logits = _SCALE * _look(encoder, images) @ normalize(directions, dim=-1).T
        loss = cross_entropy(logits, torch.from_numpy(lessons.kinds[batch]), label_smoothing=_SMOOTHING)
        _step(loss, optimiser, schedule)
        on_progress(done + 1, len(steps), IMAGES_STAGE)
    encoder.module.requires_grad_(False)


def _learn_texts(
    encoder: TextImageEncoder, lessons: Lessons, rng: np.random.Generator, epochs: int, on_progress: ProgressCallback
) -> None:
    """Trains the text tower towards the fixed embeddings of matching images."""
    pixels, starts = torch.from_numpy(lessons.pixels), range(0, len(lessons.pixels), _BATCH)
    with torch.no_grad():
        images = torch.cat([_look(encoder, pixels[start : start + _BATCH].float() / 255) for start in starts])  # (N, D)
    encoder.text_module.requires_grad_(True)
    scale = encoder.network.get_parameter("logit_scale")
    scale.requires_grad_(True)
    with torch.no_grad():
        scale.fill_(math.log(_SCALE))
    steps = _batches(len(lessons.kinds), epochs, rng)
    optimiser, schedule = _optimisation([*encoder.text_module.parameters(), scale], len(steps))
    for done, batch in enumerate(steps):
        captions = caption(lessons, batch, rng)
        texts, places = np.unique(captions.texts, return_inverse=True)
        embeddings = encoder.text_module(encoder.tokenizer(texts.tolist()))[torch.from_numpy(places)]
        _step(contrastive_loss(images[batch], embeddings, scale, captions), optimiser, schedule)
        with torch.no_grad():
            scale.clamp_(max=_MOST_SCALE)
        on_progress(done + 1, len(steps), TEXTS_STAGE)


def contrastive_loss(images: Tensor, texts: Tensor, scale: Tensor, captions: Captions) -> Tensor:
    """Cross-entropy both ways between the embeddings' cosines and the texts that fit, each counted equally.

    With one matching text per image it is CLIP's. Source: Yang et al., "Unified contrastive learning in
    image-text-label space", CVPR 2022, section 3.2.
    """
    logits = scale.exp() * normalize(images, dim=-1) @ normalize(texts, dim=-1).T  # (B, B)
    fits = torch.from_numpy(captions.is_true).float()
    by_image, by_text = fits / fits.sum(1, keepdim=True), fits.T / fits.T.sum(1, keepdim=True)
    for_images = -(by_image * log_softmax(logits, 1)).sum(1).mean()
    for_texts = -(by_text * log_softmax(logits.T, 1)).sum(1).mean()
    loss: Tensor = (for_images + for_texts) / 2
    return loss


def _look(encoder: TextImageEncoder, images: Tensor) -> Tensor:
    """Unit rows, (B, D)."""
    return normalize(encoder.module(encoder.preprocessing.normalise(images)), dim=-1)


def _batches(count: int, epochs: int, rng: np.random.Generator) -> list[list[int]]:
    """Every epoch shows every lesson once, in an order of its own."""
    parts = max(1, count // _BATCH)
    return [batch.tolist() for _ in range(epochs) for batch in np.array_split(rng.permutation(count), parts)]


def _optimisation(
    parameters: Sequence[nn.Parameter], steps: int
) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LRScheduler]:
    optimiser = torch.optim.AdamW(parameters, weight_decay=_WEIGHT_DECAY)
    return optimiser, torch.optim.lr_scheduler.OneCycleLR(optimiser, _MOST_RATE, total_steps=steps, pct_start=0.1)


def _step(loss: Tensor, optimiser: torch.optim.Optimizer, schedule: torch.optim.lr_scheduler.LRScheduler) -> None:
    optimiser.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    optimiser.step()
    schedule.step()
