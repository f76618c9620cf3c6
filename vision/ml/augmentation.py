"""Images changed at random, as the original study's Keras layers did: mirrored, turned, zoomed.

Source: keras.layers.RandomFlip("horizontal"), RandomRotation(0.1), RandomZoom(0.1), all with their default
fill_mode="reflect" and interpolation="bilinear". Keras interpolates once per layer; here turn and zoom are one step.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import affine_grid, grid_sample

#: Goes up when the same seed makes another image, so that stored features are not mixed up.
AUGMENTATION: Final = 1
#: Share of a whole turn, both ways. Source: RandomRotation(0.1).
MOST_TURN: Final = 0.1
#: Share of the side by which more or less of the image is seen. Source: RandomZoom(0.1).
MOST_ZOOM: Final = 0.1
#: Source: splitmix64, Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014.
_GAMMA: Final = 0x9E3779B97F4A7C15
_MIX: Final = ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB))


@dataclass(frozen=True, eq=False)
class Changes:
    """What happens to B images: ``flips`` (B,) bool, ``turns`` (B,) in whole turns, ``zooms`` (B,), 0 for none."""

    flips: NDArray[np.bool_]
    turns: NDArray[np.float32]
    zooms: NDArray[np.float32]


def view_seeds(hashes: Sequence[str], view: int) -> NDArray[np.int64]:
    """One seed per image, (B,), from the sha256 of its file and the view's number, whatever the batch."""
    images = np.array([int(sha256[:16], 16) for sha256 in hashes], dtype=np.uint64)
    return _mixed(images + _mixed(np.array([view], dtype=np.uint64))).view(np.int64)


def changes(seeds: NDArray[np.int64]) -> Changes:
    """The changes that belong to the seeds: a flip for every second one, turns and zooms evenly in their ranges."""
    flips, turns, zooms = (_uniform(seeds, place) for place in range(3))
    return Changes(
        flips < 0.5,
        ((2 * turns - 1) * MOST_TURN).astype(np.float32),
        ((2 * zooms - 1) * MOST_ZOOM).astype(np.float32),
    )


def augment(pixels: Tensor, seeds: NDArray[np.int64]) -> Tensor:
    """Square images in 0..1, (B, 3, S, S), changed as their seeds say, on their device."""
    return apply(pixels, changes(seeds))


def apply(pixels: Tensor, wanted: Changes) -> Tensor:
    """Square images, (B, 3, S, S), with the changes made; beyond its edge an image is mirrored."""
    flips = torch.from_numpy(wanted.flips).to(pixels.device)
    flipped = torch.where(flips.view(-1, 1, 1, 1), pixels.flip(-1), pixels)
    angles = 2 * math.pi * wanted.turns
    scale = 1 + wanted.zooms
    cosines, sines, zeros = scale * np.cos(angles), scale * np.sin(angles), np.zeros_like(angles)
    rows = np.stack([cosines, -sines, zeros, sines, cosines, zeros], axis=1).reshape(-1, 2, 3)
    matrices = torch.from_numpy(rows.astype(np.float32)).to(pixels.device, pixels.dtype)  # (B, 2, 3)
    grid = affine_grid(matrices, list(pixels.shape), align_corners=False)
    return grid_sample(flipped, grid, mode="bilinear", padding_mode="reflection", align_corners=False)


def _uniform(seeds: NDArray[np.int64], place: int) -> NDArray[np.float64]:
    """Numbers in 0..1, one per seed; ``place`` tells the several numbers of a seed apart."""
    mixed = _mixed(seeds.view(np.uint64) + np.uint64((place + 1) * _GAMMA % 2**64))
    return (mixed >> np.uint64(11)).astype(np.float64) / 2**53


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    for shift, factor in _MIX:
        values = (values ^ (values >> np.uint64(shift))) * np.uint64(factor)
    return values ^ (values >> np.uint64(31))
