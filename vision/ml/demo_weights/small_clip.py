"""Trains the small CLIP on drawn products and texts that are true of them."""

import math
from typing import Final

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import log_softmax, normalize

from vision.ml.demo_weights.lessons import Captions, Lessons, caption
from vision.ml.encoders import TextImageEncoder, load_encoder
from vision.ml.types import ProgressCallback
from vision.ml.weights import WeightsLocator

ARCHITECTURE: Final = "clip-small"
STAGE: Final = "training the small CLIP"
_BATCH: Final = 64
_MOST_RATE: Final = 1e-3
_WEIGHT_DECAY: Final = 0.05
_MOST_SCALE: Final = math.log(100)  # Source: Radford et al. 2021, section 2.5


def train_small_clip(lessons: Lessons, *, seed: int, epochs: int, on_progress: ProgressCallback) -> TextImageEncoder:
    """The trained encoder of pictures and texts."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    cpu = torch.device("cpu")
    encoder = load_encoder(ARCHITECTURE, weights=WeightsLocator(None, from_scratch=True), device=cpu, seed=seed)
    assert isinstance(encoder, TextImageEncoder)  # noqa: S101 - only for type checkers
    parameters = list(encoder.network.requires_grad_(True).train().parameters())
    scale = encoder.network.get_parameter("logit_scale")
    optimiser = torch.optim.AdamW(parameters, weight_decay=_WEIGHT_DECAY)
    per_epoch = len(lessons.kinds) // _BATCH
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, _MOST_RATE, total_steps=per_epoch * epochs, pct_start=0.1)
    for epoch in range(epochs):
        for step, batch in enumerate(np.array_split(rng.permutation(len(lessons.kinds)), per_epoch)):
            captions = caption(lessons, batch.tolist(), rng)
            pictures = torch.from_numpy(lessons.pixels[batch]).float() / 255
            if rng.random() < 0.5:
                pictures = pictures.flip(-1)
            images = encoder.module(encoder.preprocessing.normalise(pictures))
            loss = contrastive_loss(images, encoder.text_module(encoder.tokenizer(captions.texts)), scale, captions)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            schedule.step()
            with torch.no_grad():
                scale.clamp_(max=_MOST_SCALE)
            on_progress(epoch * per_epoch + step + 1, per_epoch * epochs, STAGE)
    encoder.network.requires_grad_(False).eval()
    return encoder


def contrastive_loss(images: Tensor, texts: Tensor, scale: Tensor, captions: Captions) -> Tensor:
    """Cross-entropy both ways between the embeddings' cosines and the texts that fit, each counted equally.

    With one fitting text per picture it is CLIP's. Source: Yang et al., "Unified contrastive learning in
    image-text-label space", CVPR 2022, section 3.2.
    """
    logits = scale.exp() * normalize(images, dim=-1) @ normalize(texts, dim=-1).T  # (B, B)
    fits = torch.from_numpy(captions.is_true).float()
    by_image, by_text = fits / fits.sum(1, keepdim=True), fits.T / fits.T.sum(1, keepdim=True)
    loss: Tensor = (
        -(by_image * log_softmax(logits, 1)).sum(1).mean() - (by_text * log_softmax(logits.T, 1)).sum(1).mean()
    )
    return loss / 2
