import hashlib
import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.ndimage import map_coordinates

from tests.builders.encoders import blobs
from vision.ml.augmentation import MOST_TURN, MOST_ZOOM, Changes, apply, augment, changes, view_seeds

SIZE = 24
HASHES = [hashlib.sha256(bytes([number])).hexdigest() for number in range(200)]


def _images(count: int) -> torch.Tensor:
    return torch.from_numpy(blobs(count, SIZE)).float() / 255


def _wanted(flip: bool = False, turn: float = 0.0, zoom: float = 0.0) -> Changes:
    return Changes(np.array([flip]), np.array([turn], dtype=np.float32), np.array([zoom], dtype=np.float32))


def _one_at_a_time(image: np.ndarray, flip: bool, turn: float, zoom: float) -> np.ndarray:
    """One image (3, S, S), by scipy: every place of the result is looked up where it came from."""
    flipped = image[:, :, ::-1] if flip else image
    middle = (SIZE - 1) / 2
    down, right = np.mgrid[:SIZE, :SIZE] - middle
    angle, scale = 2 * math.pi * turn, 1 + zoom
    from_right = scale * (math.cos(angle) * right - math.sin(angle) * down) + middle
    from_down = scale * (math.sin(angle) * right + math.cos(angle) * down) + middle
    return np.stack([map_coordinates(one, [from_down, from_right], order=1, mode="reflect") for one in flipped])


def test_no_change_leaves_an_image_as_it_is() -> None:
    images = _images(1)
    torch.testing.assert_close(apply(images, _wanted()), images, atol=1e-5, rtol=0)


def test_a_flip_mirrors_left_and_right_exactly_as_the_plain_image() -> None:
    images = _images(1)
    assert torch.equal(apply(images, _wanted(flip=True)), apply(images.flip(-1), _wanted()))


def test_a_quarter_turn_is_rot90() -> None:
    images = _images(1)
    torch.testing.assert_close(apply(images, _wanted(turn=0.25)), images.rot90(1, (2, 3)), atol=1e-5, rtol=0)


def test_a_zoom_above_zero_sees_more_of_the_image() -> None:
    """A square in the middle becomes smaller, as keras.layers.RandomZoom documents for positive factors."""
    images = torch.zeros(1, 3, SIZE, SIZE)
    images[:, :, 8:16, 8:16] = 1
    assert apply(images, _wanted(zoom=0.1)).sum() < images.sum() < apply(images, _wanted(zoom=-0.1)).sum()


def test_a_batch_is_changed_as_a_slow_reference_changes_each_image() -> None:
    images = _images(12)
    seeds = view_seeds(HASHES[:12], view=3)
    wanted = changes(seeds)
    expected = [
        _one_at_a_time(image, bool(flip), float(turn), float(zoom))
        for image, flip, turn, zoom in zip(images.numpy(), wanted.flips, wanted.turns, wanted.zooms, strict=True)
    ]
    np.testing.assert_allclose(augment(images, seeds).numpy(), expected, atol=1e-4)


def test_an_image_is_changed_in_the_same_way_whatever_its_company() -> None:
    images = _images(6)
    together = augment(images, view_seeds(HASHES[:6], view=1))
    alone = augment(images[4:5], view_seeds(HASHES[4:5], view=1))
    assert torch.equal(together[4:5], alone)


def test_views_and_images_have_seeds_of_their_own() -> None:
    seeds = np.concatenate([view_seeds(HASHES, view) for view in range(8)])
    assert len(np.unique(seeds)) == 8 * len(HASHES)
    assert (view_seeds(HASHES, 2) == view_seeds(HASHES, 2)).all()


@given(st.lists(st.integers(-(2**63), 2**63 - 1), min_size=1, max_size=50))
def test_changes_stay_within_their_ranges(seeds: list[int]) -> None:
    wanted = changes(np.array(seeds, dtype=np.int64))
    assert np.abs(wanted.turns).max() <= np.float32(MOST_TURN)
    assert np.abs(wanted.zooms).max() <= np.float32(MOST_ZOOM)


def test_changes_fill_their_ranges_evenly() -> None:
    wanted = changes(np.arange(4000, dtype=np.int64))
    assert wanted.flips.mean() == pytest.approx(0.5, abs=0.04)
    for values, most in ((wanted.turns, MOST_TURN), (wanted.zooms, MOST_ZOOM)):
        shares = np.histogram(values, bins=4, range=(-most, most))[0] / len(values)
        np.testing.assert_allclose(shares, 0.25, atol=0.04)
    assert abs(np.corrcoef([wanted.flips, wanted.turns, wanted.zooms])[np.triu_indices(3, 1)]).max() < 0.06
