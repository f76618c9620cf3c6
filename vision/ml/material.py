"""What the runs of a contender share: its encoder and the features of all images, computed or from the cache."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import torch
from torch import Tensor

from vision.ml.encoders import Encoder
from vision.ml.features import FeatureCache, View
from vision.ml.images import ImageCache
from vision.ml.learners import SquareImages
from vision.ml.planning import PlannedContender
from vision.ml.training import Tick
from vision.ml.types import Dataset, Folders

#: Images whose way through the network is timed.
_TIMED_ON_CPU: Final = 8
_TIMED_ON_GPU: Final = 128


@dataclass(frozen=True, eq=False)
class Material:
    """``features`` are those of the plain images, (N, D); ``views`` those of augmented training images, (V, N, D).

    An image that is in no training part has no views: not a number stands there, so that no use of one goes unseen.
    """

    encoder: Encoder
    images: SquareImages
    features: Tensor
    views: Tensor
    seconds: float
    images_per_second: float


def gather(
    planned: PlannedContender,
    dataset: Dataset,
    folders: Folders,
    encoder: Encoder,
    device: torch.device,
    *,
    images_per_second: float,
    tick: Tick,
) -> Material:
    """The material of a contender, on the device; ``tick`` counts images that went through the network."""
    began = time.perf_counter()
    cache = ImageCache(folders.images)
    hashes = [item.sha256 for item in dataset.items]

    def compute(positions: Sequence[int], views: Sequence[View]) -> Tensor:
        done = 0

        def tell(now: int, total: int, stage: str) -> None:
            nonlocal done
            tick(now - done)
            done = now

        found = FeatureCache(folders.features).features(
            encoder, cache, [hashes[place] for place in positions], views=views, device=device, on_progress=tell
        )
        return torch.from_numpy(found).to(device)  # (V, B, D)

    features = compute(range(len(hashes)), [None])[0]
    views = torch.full((planned.views, *features.shape), torch.nan, device=device)
    if planned.views:
        train = planned.train.tolist()
        views[:, train] = compute(train, range(planned.views))
    seconds = time.perf_counter() - began
    images = SquareImages(cache, hashes, encoder.preprocessing, device)
    return Material(encoder, images, features, views, seconds, images_per_second)


def measure_images_per_second(
    encoder: Encoder, dataset: Dataset, folders: Folders, device: torch.device, tick: Tick
) -> float:
    """Images from the cache of decoded images to features, computed anew in the second of two passes."""
    cache = ImageCache(folders.images)
    hashes = [item.sha256 for item in dataset.items]
    count = min(max(1, len(hashes) // 2), _TIMED_ON_GPU if device.type == "cuda" else _TIMED_ON_CPU)
    with TemporaryDirectory() as folder:
        for timed in (hashes[:count], hashes[-count:]):
            began = time.perf_counter()
            FeatureCache(Path(folder)).features(
                encoder, cache, timed, views=[None], device=device, on_progress=lambda *_: tick(0)
            )
            seconds = time.perf_counter() - began
    return count / seconds
