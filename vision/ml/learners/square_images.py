"""Images as an encoder wants them, cut to squares once and kept on the device while they fit there."""

from collections.abc import Sequence
from typing import Final

import torch
from torch import Tensor

from vision.ml.encoders import Preprocessing
from vision.ml.images import ImageCache, pixels

#: Above this the squares are cut again each time they are asked for.
_MOST_BYTES: Final = 4 << 30


class SquareImages:
    """The images of a data set by position."""

    def __init__(self, images: ImageCache, hashes: Sequence[str], shape: Preprocessing, device: torch.device) -> None:
        self.hashes = hashes
        self._images = images
        self._shape = shape
        self._device = device
        whole = (len(hashes), 3, shape.size, shape.size)
        is_kept = torch.Size(whole).numel() <= _MOST_BYTES
        self._kept = torch.empty(whole, dtype=torch.uint8, device=device) if is_kept else None
        self._is_here = torch.zeros(len(hashes), dtype=torch.bool)

    def hashes_at(self, positions: Tensor) -> list[str]:
        """The files' hashes."""
        return [self.hashes[position] for position in positions.tolist()]

    def squares(self, positions: Tensor) -> Tensor:
        """Images (B, 3, S, S) uint8 on the device."""
        if self._kept is None:
            return self._cut(positions)
        positions = positions.cpu()
        wanted = positions[~self._is_here[positions]]
        if len(wanted):
            self._kept[wanted.to(self._device)] = self._cut(wanted)
            self._is_here[wanted] = True
        return self._kept[positions.to(self._device)]

    def _cut(self, positions: Tensor) -> Tensor:
        shape = self._shape
        array = pixels(self._images, self.hashes_at(positions), shape.size, shape.fit, shape.interpolation)
        return torch.from_numpy(array).to(self._device)
