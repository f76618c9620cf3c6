"""Features of frozen networks, computed once and kept: an epoch of what learns from them costs milliseconds."""

from collections import deque
from collections.abc import Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from vision.ml.augmentation import AUGMENTATION, augment, view_seeds
from vision.ml.encoders import Encoder, Preprocessing, is_mixed, mixed_precision
from vision.ml.feature_store import FeatureStore, Key
from vision.ml.images import ImageCache, pixels
from vision.ml.types import ProgressCallback

#: The number of an augmented view from 0, None for the plain image.
View: TypeAlias = int | None
#: Images that go through the network together. On a CPU few, one batch per core: a batch then stays in the core's
#: caches, no core waits for another, and a cancel is heard soon.
_BATCH: Final = 4
_BATCH_ON_GPU: Final = 64
#: Threads that cut images to squares and feed a GPU.
_FEEDERS: Final = 4
#: Rows that are stored together: each time waits for the disk.
_STORED_TOGETHER: Final = 64


class FeatureCache:
    """Rows of features under (weights, preprocessing, image, view), in a folder that several processes may share."""

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
        """Features of every view of every image, (V, N, D); what is stored is not computed again.

        Rows are stored as they come, so that a killed run goes on after them. Batches are all of one size, by which a
        image's features do not depend on its company: they are the same to the last bit after a resume.
        ``on_progress`` counts images times views and may raise to stop.
        """
        store = FeatureStore(self.folder, _identity(encoder, device), encoder.dimension)
        size = _BATCH_ON_GPU if device.type == "cuda" else _BATCH
        batches = _batches(store, hashes, views, size)
        total = len(hashes) * len(views)
        done = total - sum(len(batch) * len(lacking) for batch, lacking in batches)
        on_progress(done, total, stage)
        with _Writer(store) as writer, closing(_computed(encoder, images, batches, size, device)) as computed:
            for keys, rows in computed:
                writer.add(keys, rows)
                done += len(keys)
                on_progress(done, total, stage)
        found = store.read([(sha256, view) for view in views for sha256 in hashes])
        return found.reshape(len(views), len(hashes), encoder.dimension)


class _Writer:
    """Stores rows in larger portions; the last one at the end, also when the work is stopped."""

    def __init__(self, store: FeatureStore) -> None:
        self._store = store
        self._keys: list[Key] = []
        self._rows: list[NDArray[np.float32]] = []

    def __enter__(self) -> "_Writer":
        return self

    def __exit__(self, *error: object) -> None:
        self._flush()

    def add(self, keys: Sequence[Key], rows: NDArray[np.float32]) -> None:
        self._keys += keys
        self._rows.append(rows)
        if len(self._keys) >= _STORED_TOGETHER:
            self._flush()

    def _flush(self) -> None:
        if self._keys:
            self._store.add(self._keys, np.concatenate(self._rows))
        self._keys, self._rows = [], []


def encode(encoder: Encoder, squares: Tensor, hashes: Sequence[str], view: View) -> NDArray[np.float32]:
    """Features, (B, D), of images (B, 3, S, S) uint8 on the encoder's device, in the given view."""
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
    """What features depend on besides the image and its view."""
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
    """Images that lack the same views, at most ``size`` of them, each image once."""
    images = list(dict.fromkeys(hashes))
    known = iter(store.known([(sha256, view) for sha256 in images for view in views]))
    groups: dict[tuple[View, ...], list[str]] = {}
    for sha256 in images:
        groups.setdefault(tuple(view for view in views if not next(known)), []).append(sha256)
    return [
        (members[start : start + size], lacking)
        for lacking, members in groups.items()
        if lacking
        for start in range(0, len(members), size)
    ]


def _computed(
    encoder: Encoder,
    images: ImageCache,
    batches: Sequence[tuple[list[str], tuple[View, ...]]],
    size: int,
    device: torch.device,
) -> Generator[tuple[list[Key], NDArray[np.float32]], None, None]:
    """Rows of features with their keys, from threads that stay a little ahead; a CPU's work on one core each."""
    threads = torch.get_num_threads()
    workers = _FEEDERS if device.type == "cuda" else threads
    pool = ThreadPoolExecutor(workers, initializer=partial(torch.set_num_threads, 1))
    ahead: deque[tuple[list[Key], Future[NDArray[np.float32]]]] = deque()
    try:
        for batch, lacking in batches:
            filled = [*batch, *[batch[-1]] * (size - len(batch))]
            squares = pool.submit(_squares, images, batch, filled, encoder.preprocessing, device)
            for view in lacking:
                features = pool.submit(_encode_cut, encoder, squares, filled, view)
                ahead.append(([(sha256, view) for sha256 in batch], features))
                if len(ahead) > 2 * workers:
                    keys, features = ahead.popleft()
                    yield keys, features.result()[: len(keys)]
        while ahead:
            keys, features = ahead.popleft()
            yield keys, features.result()[: len(keys)]
    finally:
        pool.shutdown(cancel_futures=True)
        torch.set_num_threads(threads)


def _squares(
    images: ImageCache, batch: Sequence[str], filled: Sequence[str], shape: Preprocessing, device: torch.device
) -> Tensor:
    """Images (B, 3, S, S) uint8 on the device, the last one repeated where the batch is too small."""
    array = pixels(images, batch, shape.size, shape.fit, shape.interpolation)
    return torch.from_numpy(array[np.minimum(np.arange(len(filled)), len(batch) - 1)]).to(device)


def _encode_cut(encoder: Encoder, squares: Future[Tensor], hashes: Sequence[str], view: View) -> NDArray[np.float32]:
    """As ``encode``, of images that another thread cuts."""
    return encode(encoder, squares.result(), hashes, view)
