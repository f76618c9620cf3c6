"""A data set as one encoder sees it: the features of all its images, computed or read from the cache."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
import torch
from torch import Tensor

from vision.ml.encoders import Encoder
from vision.ml.features import FeatureCache, View
from vision.ml.images import ImageCache
from vision.ml.planning import PlannedContender
from vision.ml.square_images import SquareImages
from vision.ml.training import Tick
from vision.ml.types import Dataset, Folders

#: Images encoded for one measurement of the speed.
_TIMED_ON_CPU: Final = 8
_TIMED_ON_GPU: Final = 128


@dataclass(frozen=True, eq=False)
class EncodedDataset:
    """Images and features on the encoder's device.

    ``features`` (N, D) are those of the original images, ``views`` (V, N, D) those of augmented training images.
    Images in no training part have NaN for views, so that an accidental use shows. ``images_per_second`` is the
    encoder's speed, ``seconds`` what the features took.
    """

    encoder: Encoder
    images: SquareImages
    features: Tensor
    views: Tensor
    images_per_second: float = 0.0
    seconds: float = 0.0


def encode_dataset(
    contender: PlannedContender, dataset: Dataset, folders: Folders, encoder: Encoder, speed: float, tick: Tick
) -> EncodedDataset:
    """The data set with the features and views that the contender needs; ``tick`` counts encoded images."""
    start = time.perf_counter()
    cache = ImageCache(folders.images)
    hashes = np.array([item.sha256 for item in dataset.items])

    def encode(hashes: Sequence[str], views: Sequence[View]) -> Tensor:
        ticked = 0

        def on_progress(done: int, total: int, stage: str) -> None:
            nonlocal ticked
            tick(done - ticked)
            ticked = done

        features = FeatureCache(folders.features)
        rows = features.features(encoder, cache, hashes, views=views, on_progress=on_progress)
        return torch.from_numpy(rows).to(encoder.device)  # (V, B, D)

    features = encode(hashes.tolist(), [None])[0]
    views = torch.full((contender.views, *features.shape), torch.nan, device=encoder.device)
    if contender.views:
        train = contender.training_positions
        views[:, train] = encode(hashes[train].tolist(), range(contender.views))
    seconds = time.perf_counter() - start
    images = SquareImages(cache, hashes.tolist(), encoder)
    return EncodedDataset(encoder, images, features, views, speed, seconds)


def measure_images_per_second(encoder: Encoder, dataset: Dataset, folders: Folders, tick: Tick) -> float:
    """The encoder's speed from cached images to features, measured on the second of two passes."""
    cache = ImageCache(folders.images)
    hashes = [item.sha256 for item in dataset.items]
    count = min(max(1, len(hashes) // 2), _TIMED_ON_GPU if encoder.device.type == "cuda" else _TIMED_ON_CPU)
    with TemporaryDirectory() as folder:
        for batch in (hashes[:count], hashes[-count:]):
            start = time.perf_counter()
            features = FeatureCache(Path(folder))
            features.features(encoder, cache, batch, views=[None], on_progress=lambda *_: tick(0))
            seconds = time.perf_counter() - start
    return count / seconds
