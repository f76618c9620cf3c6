"""Features of frozen networks, computed once and kept: an epoch of what learns from them costs milliseconds."""

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from vision.ml.augmentation import AUGMENTATION, augment, view_seeds
from vision.ml.encoders import Encoder, Preprocessing, is_mixed, mixed_precision
from vision.ml.feature_store import FeatureStore
from vision.ml.images import ImageCache, pixels
from vision.ml.types import ProgressCallback

#: The number of an augmented view from 0, None for the plain picture.
View: TypeAlias = int | None
#: Pictures that go through the network together. On a CPU few: they stay in its caches, and a cancel is heard soon.
_BATCH: Final = 8
_BATCH_ON_GPU: Final = 256
#: Threads that cut pictures to squares ahead of the network.
_READERS: Final = 4


class FeatureCache:
    """Rows of features under (weights, preprocessing, picture, view), in a folder that several processes may share."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def features(
        self,
        encoder: Encoder,
        images: ImageCache,
        hashes: Sequence[str],
        *,
        views: Sequence[View],
        device: torch.device,
        on_progress: ProgressCallback,
        stage: str = "",
    ) -> NDArray[np.float32]:
        """Features of every view of every picture, (V, N, D); what is stored is not computed again.

        Each batch is stored when it is done, so that a killed run goes on after it. Batches are all of one size, by
        which a picture's features do not depend on its company: they are the same to the last bit after a resume.
        ``on_progress`` counts pictures times views and may raise to stop.
        """
        store = FeatureStore(self.folder, _identity(encoder, device), encoder.dimension)
        size = _BATCH_ON_GPU if device.type == "cuda" else _BATCH
        batches = _batches(store, hashes, views, size)
        total = len(hashes) * len(views)
        done = total - sum(len(batch) * len(lacking) for batch, lacking in batches)
        on_progress(done, total, stage)
        squares = _squares(images, [_filled(batch, size) for batch, _ in batches], encoder.preprocessing)
        for (batch, lacking), array in zip(batches, squares, strict=True):
            on_device = torch.from_numpy(array).to(device)
            for view in lacking:
                rows = encode(encoder, on_device, _filled(batch, size), view)[: len(batch)]
                store.add([(sha256, view) for sha256 in batch], rows)
                done += len(batch)
                on_progress(done, total, stage)
        found = store.read([(sha256, view) for view in views for sha256 in hashes])
        return found.reshape(len(views), len(hashes), encoder.dimension)


def encode(encoder: Encoder, squares: Tensor, hashes: Sequence[str], view: View) -> NDArray[np.float32]:
    """Features, (B, D), of pictures (B, 3, S, S) uint8 on the encoder's device, in the given view."""
    with torch.inference_mode():
        values = squares.float() / 255
        if view is not None:
            values = augment(values, view_seeds(hashes, view))
        normalised = encoder.preprocessing.normalise(values).contiguous(memory_format=torch.channels_last)
        with mixed_precision(squares.device):
            features = encoder.module(normalised)
        rows: NDArray[np.float32] = features.float().cpu().numpy()
    return rows


def _identity(encoder: Encoder, device: torch.device) -> dict[str, object]:
    """What features depend on besides the picture and its view."""
    return {
        "architecture": encoder.architecture,
        "weights": encoder.weights.sha256,
        "preprocessing": asdict(encoder.preprocessing),
        "augmentation": AUGMENTATION,
        "is_mixed_precision": is_mixed(device),
    }


def _batches(
    store: FeatureStore, hashes: Sequence[str], views: Sequence[View], size: int
) -> list[tuple[list[str], tuple[View, ...]]]:
    """Pictures that lack the same views, at most ``size`` of them, each picture once."""
    pictures = list(dict.fromkeys(hashes))
    known = iter(store.known([(sha256, view) for sha256 in pictures for view in views]))
    groups: dict[tuple[View, ...], list[str]] = {}
    for sha256 in pictures:
        groups.setdefault(tuple(view for view in views if not next(known)), []).append(sha256)
    return [
        (members[start : start + size], lacking)
        for lacking, members in groups.items()
        if lacking
        for start in range(0, len(members), size)
    ]


def _filled(batch: Sequence[str], size: int) -> list[str]:
    """The batch with its last picture repeated up to the size."""
    return [*batch, *[batch[-1]] * (size - len(batch))]


def _squares(images: ImageCache, batches: Sequence[Sequence[str]], shape: Preprocessing) -> Iterator[NDArray[np.uint8]]:
    """The pictures of each batch, (B, 3, S, S), cut by threads that stay a little ahead; repeated ones once."""
    with ThreadPoolExecutor(_READERS) as pool:
        ahead: deque[Future[NDArray[np.uint8]]] = deque()
        for batch in batches:
            ahead.append(pool.submit(_cut, images, batch, shape))
            if len(ahead) > _READERS:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()


def _cut(images: ImageCache, batch: Sequence[str], shape: Preprocessing) -> NDArray[np.uint8]:
    once = list(dict.fromkeys(batch))
    array = pixels(images, once, shape.size, shape.fit, shape.interpolation)
    return array[[once.index(sha256) for sha256 in batch]]
