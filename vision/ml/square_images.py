"""A data set's images as squares for one encoder, cut once and cached on the device when they fit."""

from collections.abc import Sequence
from typing import Final

import torch
from torch import Tensor

from vision.ml.encoders import Encoder
from vision.ml.images import ImageCache, pixels

#: A data set whose squares take more is cut again at each use.
_MAX_CACHED_BYTES: Final = 4 << 30


class SquareImages:
    """The images of a data set by their positions in it."""

    def __init__(self, cache: ImageCache, hashes: Sequence[str], encoder: Encoder) -> None:
        self._cache = cache
        self._hashes = hashes
        self._shape = encoder.preprocessing
        self._device = encoder.device
        size = torch.Size((len(hashes), 3, self._shape.size, self._shape.size))
        is_cached = size.numel() <= _MAX_CACHED_BYTES
        self._squares = torch.empty(size, dtype=torch.uint8, device=self._device) if is_cached else None
        self._is_cut = torch.zeros(len(hashes), dtype=torch.bool)

    def hashes_at(self, positions: Tensor) -> list[str]:
        return [self._hashes[position] for position in positions.tolist()]

    def squares(self, positions: Tensor) -> Tensor:
        """Images (B, 3, S, S) in 0..1 on the device."""
        if self._squares is None:
            return self._cut(positions).float() / 255
        positions = positions.cpu()
        missing = positions[~self._is_cut[positions]]
        if len(missing):
            self._squares[missing.to(self._device)] = self._cut(missing)
            self._is_cut[missing] = True
        return self._squares[positions.to(self._device)].float() / 255

    def _cut(self, positions: Tensor) -> Tensor:
        shape = self._shape
        array = pixels(self._cache, self.hashes_at(positions), shape.size, shape.fit, shape.interpolation)
        return torch.from_numpy(array).to(self._device)
