"""Features of frozen networks, computed once and kept: an epoch of what learns from them costs milliseconds."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray

from vision.ml.augmentation import augment, view_seeds
from vision.ml.encoders import Encoder
from vision.ml.images import ImageCache, pixels
from vision.ml.types import ProgressCallback

#: The number of an augmented view, None for the plain picture.
View: TypeAlias = int | None
#: Pictures that go through the network together.
BATCH: Final = 32


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
        """Features of every view of every picture, (V, N, D). ``on_progress`` counts pictures times views."""
        found = np.empty((len(views), len(hashes), encoder.dimension), dtype=np.float32)
        total, done = len(views) * len(hashes), 0
        for start in range(0, len(hashes), BATCH):
            chunk = hashes[start : start + BATCH]
            shape = encoder.preprocessing
            squares = torch.from_numpy(pixels(images, chunk, shape.size, shape.fit, shape.interpolation)).to(device)
            for number, view in enumerate(views):
                on_progress(done, total, stage)
                found[number, start : start + BATCH] = encode(encoder, squares, chunk, view)
                done += len(chunk)
        on_progress(total, total, stage)
        return found


def encode(encoder: Encoder, squares: torch.Tensor, hashes: Sequence[str], view: View) -> NDArray[np.float32]:
    """Features, (B, D), of pictures (B, 3, S, S) uint8 on the encoder's device, in the given view."""
    with torch.inference_mode():
        values = squares.float() / 255
        if view is not None:
            values = augment(values, view_seeds(hashes, view))
        normalised = encoder.preprocessing.normalise(values).contiguous(memory_format=torch.channels_last)
        features: NDArray[np.float32] = encoder.module(normalised).float().cpu().numpy()
    return features
