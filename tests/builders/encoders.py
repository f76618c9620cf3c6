"""Encoders with random numbers and small images for them."""

from pathlib import Path
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray

from tests.builders.images import an_image
from vision.ml.encoders import Encoder, load_encoder
from vision.ml.images import ImageCache
from vision.ml.weights import WeightsLocator

CPU: Final = torch.device("cpu")
FROM_SCRATCH: Final = WeightsLocator(None, from_scratch=True)


def random_encoder(architecture: str, seed: int = 0) -> Encoder:
    """An encoder that no file is needed for."""
    return load_encoder(architecture, weights=FROM_SCRATCH, device=CPU, seed=seed)


def encoder_from(folder: Path, architecture: str) -> Encoder:
    """An encoder with the weights of a folder."""
    return load_encoder(architecture, weights=WeightsLocator(folder), device=CPU, seed=0)


def blobs(count: int, size: int, seed: int = 0) -> NDArray[np.uint8]:
    """Images of coloured squares, (count, 3, size, size)."""
    coarse = np.random.default_rng(seed).integers(0, 256, (count, 3, 8, 8), dtype=np.uint8)
    return np.repeat(np.repeat(coarse, -(-size // 8), axis=2), -(-size // 8), axis=3)[:, :, :size, :size]


def normal(count: int, size: int, seed: int = 0) -> torch.Tensor:
    """Normalised images, (count, 3, size, size)."""
    return torch.randn(count, 3, size, size, generator=torch.Generator().manual_seed(seed))


def filled_cache(folder: Path, count: int) -> tuple[ImageCache, list[str]]:
    """A cache with so many images, and their hashes."""
    cache = ImageCache(folder)
    return cache, [cache.add(an_image((20 * seed % 256, 100, 200), seed)) for seed in range(count)]
