"""Features of frozen networks, computed once and cached, so that an epoch of training on them takes milliseconds."""

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
from vision.ml.encoders import Encoder, is_mixed, mixed_precision
from vision.ml.feature_store import FeatureStore, Key
from vision.ml.images import ImageCache, pixels
from vision.ml.types import ProgressCallback

#: The number of an augmented view from 0; None for the original image.
View: TypeAlias = int | None
#: Images and the views that all of them lack.
_Batch: TypeAlias = tuple[list[str], tuple[View, ...]]
#: Images per batch. On a CPU each core computes a small batch of its own: it fits the core's caches, no core waits for
#: another, and a cancellation is noticed soon.
_BATCH_ON_CPU: Final = 4
_BATCH_ON_GPU: Final = 64
#: Threads that cut images to squares for a GPU.
_GPU_FEEDERS: Final = 4
#: Rows stored together: each time waits for the disk.
_ROWS_PER_WRITE: Final = 64


class FeatureCache:
    """Rows of features by (weights, preprocessing, image, view), in a folder that several processes may share."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def features(
        self,
        encoder: Encoder,
        images: ImageCache,
        hashes: Sequence[str],
        *,
        views: Sequence[View],
        on_progress: ProgressCallback,
        stage: str = "",
    ) -> NDArray[np.float32]:
        """Features of every view of every image, (V, N, D); stored ones are not computed again.

        Rows are stored as they are computed, so that a killed run resumes after them. All batches have one size: an
        image's features then do not depend on its batch, and are the same to the last bit after a resumption.
        ``on_progress`` counts images times views and may raise to stop.
        """
        store = FeatureStore(self.folder, _identity(encoder), encoder.dimension)
        size = _BATCH_ON_GPU if encoder.device.type == "cuda" else _BATCH_ON_CPU
        batches = _batches(store, hashes, views, size)
        total = len(hashes) * len(views)
        done = total - sum(len(batch) * len(missing_views) for batch, missing_views in batches)
        on_progress(done, total, stage)
        keys: list[Key] = []
        rows: list[NDArray[np.float32]] = []
        with closing(_computed(encoder, images, batches, size)) as computed:
            try:
                for batch_keys, batch_rows in computed:
                    keys += batch_keys
                    rows.append(batch_rows)
                    if len(keys) >= _ROWS_PER_WRITE:
                        store.add(keys, np.concatenate(rows))
                        keys, rows = [], []
                    done += len(batch_keys)
                    on_progress(done, total, stage)
            finally:
                if keys:
                    store.add(keys, np.concatenate(rows))
        stored = store.read([(sha256, view) for view in views for sha256 in hashes])
        return stored.reshape(len(views), len(hashes), encoder.dimension)


def encode(encoder: Encoder, squares: Tensor, hashes: Sequence[str], view: View) -> NDArray[np.float32]:
    """Features, (B, D), of one view of images (B, 3, S, S) uint8 on the encoder's device."""
    with torch.inference_mode():
        values = squares.float() / 255
        if view is not None:
            values = augment(values, view_seeds(hashes, view))
        normalised = encoder.preprocessing.normalise(values).contiguous(memory_format=torch.channels_last)
        with mixed_precision(squares.device):
            features = encoder.module(normalised)
        rows: NDArray[np.float32] = features.float().cpu().numpy()
    return rows


def _identity(encoder: Encoder) -> dict[str, object]:
    """What features depend on besides the image and its view."""
    return {
        "architecture": encoder.architecture,
        "weights": encoder.weights.sha256,
        "preprocessing": asdict(encoder.preprocessing),
        "augmentation": AUGMENTATION,
        "is_mixed_precision": is_mixed(encoder.device),
    }


def _batches(store: FeatureStore, hashes: Sequence[str], views: Sequence[View], size: int) -> list[_Batch]:
    """Batches of at most ``size`` distinct images that lack the same views."""
    distinct = list(dict.fromkeys(hashes))
    is_known = iter(store.known([(sha256, view) for sha256 in distinct for view in views]))
    groups: dict[tuple[View, ...], list[str]] = {}
    for sha256 in distinct:
        groups.setdefault(tuple(view for view in views if not next(is_known)), []).append(sha256)
    return [
        (members[start : start + size], missing_views)
        for missing_views, members in groups.items()
        if missing_views
        for start in range(0, len(members), size)
    ]


def _computed(
    encoder: Encoder, images: ImageCache, batches: Sequence[_Batch], size: int
) -> Generator[tuple[list[Key], NDArray[np.float32]], None, None]:
    """Rows of features with their keys, computed a little ahead by threads; on a CPU, each on one core."""
    threads = torch.get_num_threads()
    workers = _GPU_FEEDERS if encoder.device.type == "cuda" else threads
    pool = ThreadPoolExecutor(workers, initializer=partial(torch.set_num_threads, 1))
    pending: deque[tuple[list[Key], Future[NDArray[np.float32]]]] = deque()
    try:
        for batch, missing_views in batches:
            padded = [*batch, *[batch[-1]] * (size - len(batch))]
            squares = pool.submit(_squares, images, batch, size, encoder)
            for view in missing_views:
                features = pool.submit(_encode_when_cut, encoder, squares, padded, view)
                pending.append(([(sha256, view) for sha256 in batch], features))
                if len(pending) > 2 * workers:
                    keys, features = pending.popleft()
                    yield keys, features.result()[: len(keys)]
        while pending:
            keys, features = pending.popleft()
            yield keys, features.result()[: len(keys)]
    finally:
        pool.shutdown(cancel_futures=True)
        torch.set_num_threads(threads)


def _squares(images: ImageCache, batch: Sequence[str], size: int, encoder: Encoder) -> Tensor:
    """Images (``size``, 3, S, S) uint8 on the device; the last one fills an incomplete batch."""
    shape = encoder.preprocessing
    array = pixels(images, batch, shape.size, shape.fit, shape.interpolation)
    return torch.from_numpy(array[np.minimum(np.arange(size), len(batch) - 1)]).to(encoder.device)


def _encode_when_cut(
    encoder: Encoder, squares: Future[Tensor], hashes: Sequence[str], view: View
) -> NDArray[np.float32]:
    return encode(encoder, squares.result(), hashes, view)
