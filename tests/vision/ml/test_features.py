import hashlib
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from tests.builders.encoders import filled_cache, random_encoder
from tests.builders.image_datasets import ROOT, ignore_progress
from vision.ml.encoders import Encoder
from vision.ml.feature_store import FeatureStore
from vision.ml.features import FeatureCache, View, encode
from vision.ml.images import ImageCache, pixels

COUNT = 43
ROWS = np.arange(12, dtype=np.float32).reshape(4, 3)
KEYS = [(hashlib.sha256(bytes([number])).hexdigest(), view) for number in range(2) for view in (None, 0)]


class Counted(nn.Module):
    """A network that counts what it is asked."""

    def __init__(self, module: nn.Module) -> None:
        super().__init__()
        self.module = module
        self.batches: list[int] = []

    @property
    def images(self) -> int:
        return sum(self.batches)

    def forward(self, images: Tensor) -> Tensor:
        self.batches.append(len(images))
        features: Tensor = self.module(images)
        return features


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return random_encoder("vgg16-narrow")


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> tuple[ImageCache, list[str]]:
    return filled_cache(tmp_path_factory.mktemp("images"), COUNT)


def _features(
    folder: Path,
    encoder: Encoder,
    images: tuple[ImageCache, list[str]],
    hashes: Sequence[str] | None = None,
    views: Sequence[View] = (None, 0),
) -> np.ndarray:
    cache, everything = images
    return FeatureCache(folder).features(encoder, cache, hashes or everything, views=views, on_progress=ignore_progress)


def test_features_are_those_of_the_network_and_a_view_is_another_image(tmp_path: Path, encoder, images) -> None:
    features = _features(tmp_path, encoder, images)
    assert features.shape == (2, COUNT, encoder.dimension)
    assert features.dtype == np.float32
    cache, hashes = images
    shape = encoder.preprocessing
    squares = torch.from_numpy(pixels(cache, hashes, shape.size, shape.fit, shape.interpolation))
    with torch.inference_mode():
        expected = encoder.module(shape.normalise(squares.float() / 255)).numpy()
    np.testing.assert_allclose(features[0], expected, atol=1e-4)
    assert np.abs(features[1] - features[0]).max(axis=1).min() > 1e-3


def test_what_is_stored_is_not_computed_again(tmp_path: Path, encoder, images) -> None:
    counted = Counted(encoder.module)
    counting = replace(encoder, module=counted)
    first = _features(tmp_path, counting, images)
    asked = counted.images
    assert asked >= 2 * COUNT
    np.testing.assert_array_equal(_features(tmp_path, counting, images), first)
    np.testing.assert_array_equal(_features(tmp_path, counting, images, views=(0,)), first[1:])
    assert counted.images == asked
    _features(tmp_path, counting, images, views=(None, 0, 5))
    assert counted.images - asked < 1.5 * COUNT


def test_features_do_not_depend_on_what_was_asked_before(tmp_path: Path, encoder, images) -> None:
    hashes = images[1]
    at_once = _features(tmp_path / "at once", encoder, images)
    for part in (hashes[3:9], hashes[1::2], hashes[:2]):
        _features(tmp_path / "bit by bit", encoder, images, part)
    np.testing.assert_array_equal(_features(tmp_path / "bit by bit", encoder, images), at_once)


def test_twins_are_computed_once(tmp_path: Path, encoder, images) -> None:
    counted = Counted(encoder.module)
    first = images[1][0]
    features = _features(tmp_path, replace(encoder, module=counted), images, [first] * 20, views=(None,))
    assert counted.images < 20
    assert (features == features[:, :1]).all()


def test_other_weights_or_preprocessing_have_features_of_their_own(tmp_path: Path, encoder, images) -> None:
    first = _features(tmp_path, encoder, images)
    other = random_encoder("vgg16-narrow", seed=1)
    brighter = replace(encoder, preprocessing=replace(encoder.preprocessing, mean=(0.1, 0.1, 0.1)))
    assert not np.array_equal(_features(tmp_path, other, images), first)
    assert not np.array_equal(_features(tmp_path, brighter, images), first)
    assert len(list(tmp_path.iterdir())) == 3


def test_progress_counts_every_view_of_every_image_and_may_stop_the_work(tmp_path: Path, encoder, images) -> None:
    cache, hashes = images
    seen: list[tuple[int, int]] = []

    def stop_late(done: int, total: int, stage: str) -> None:
        seen.append((done, total))
        if done > COUNT:
            raise InterruptedError(stage)

    def ask(on_progress) -> None:
        FeatureCache(tmp_path).features(
            encoder, cache, hashes, views=(None, 0), on_progress=on_progress, stage="features"
        )

    with pytest.raises(InterruptedError, match="features"):
        ask(stop_late)
    assert seen[0] == (0, 2 * COUNT)
    stopped_at = seen[-1][0]
    seen.clear()
    ask(lambda done, total, stage: seen.append((done, total)))
    assert seen[0] == (stopped_at, 2 * COUNT)
    assert seen[-1] == (2 * COUNT, 2 * COUNT)


KILLED = """
import os, signal, sys
from pathlib import Path
from tests.builders.encoders import CPU, random_encoder
from vision.ml.features import FeatureCache
from vision.ml.images import ImageCache

def die(done, total, stage):
    if done >= int(sys.argv[3]):
        os.kill(os.getpid(), signal.SIGKILL)

encoder, images = random_encoder("vgg16-narrow"), ImageCache(Path(sys.argv[2]))
FeatureCache(Path(sys.argv[1])).features(
    encoder, images, sys.argv[4:], views=(None, 0), on_progress=die
)
"""


def test_a_killed_run_goes_on_and_gives_the_same_numbers_to_the_last_bit(tmp_path: Path, encoder, images) -> None:
    cache, hashes = images
    command = [sys.executable, "-c", KILLED, str(tmp_path / "killed"), str(cache.folder), "80", *hashes]
    killed = subprocess.run(command, cwd=ROOT, check=False)
    assert killed.returncode == -signal.SIGKILL
    counted = Counted(encoder.module)
    resumed = _features(tmp_path / "killed", replace(encoder, module=counted), images)
    assert 0 < counted.images < 2 * COUNT
    np.testing.assert_array_equal(resumed, _features(tmp_path / "whole", encoder, images))


def test_a_store_gives_back_its_rows_in_any_order(tmp_path: Path) -> None:
    store = FeatureStore(tmp_path, {"weights": "a"}, 3)
    assert not store.known(KEYS).any()
    store.add(KEYS[:2], ROWS[:2])
    store.add(KEYS[2:], ROWS[2:])
    assert store.known(KEYS).all()
    np.testing.assert_array_equal(FeatureStore(tmp_path, {"weights": "a"}, 3).read(KEYS[::-1]), ROWS[::-1])
    assert not FeatureStore(tmp_path, {"weights": "b"}, 3).known(KEYS).any()
    assert store.read([]).shape == (0, 3)
    with pytest.raises(KeyError):
        store.read([(KEYS[0][0], 7)])


@pytest.mark.parametrize("name", ["rows", "index"])
@pytest.mark.parametrize("torn", [1, 11])
def test_a_torn_end_is_written_over(name: str, torn: int, tmp_path: Path) -> None:
    store = FeatureStore(tmp_path, {}, 3)
    store.add(KEYS[:2], ROWS[:2])
    with (store.folder / name).open("ab") as stream:
        stream.write(b"\x01" * torn)
    assert store.known(KEYS).tolist() == [True, True, False, False]
    np.testing.assert_array_equal(store.read(KEYS[:2]), ROWS[:2])
    store.add(KEYS[2:], ROWS[2:])
    np.testing.assert_array_equal(store.read(KEYS), ROWS)


def test_of_a_row_written_twice_the_first_counts(tmp_path: Path) -> None:
    store = FeatureStore(tmp_path, {}, 3)
    store.add(KEYS[:1], ROWS[:1])
    store.add(KEYS[:2], ROWS[2:])
    np.testing.assert_array_equal(store.read(KEYS[:2]), ROWS[[0, 3]])


WRITER = """
import sys
from pathlib import Path
import numpy as np
from vision.ml.feature_store import FeatureStore

store = FeatureStore(Path(sys.argv[1]), {}, 64)
for number in range(150):
    value = int(sys.argv[2]) * 1000 + number
    store.add([(f"{value:064x}", None)], np.full((1, 64), value, dtype=np.float32))
"""


def test_two_processes_write_into_one_store(tmp_path: Path) -> None:
    commands = [[sys.executable, "-c", WRITER, str(tmp_path), str(number)] for number in (0, 1)]
    writers = [subprocess.Popen(command, cwd=ROOT) for command in commands]
    assert [writer.wait(timeout=120) for writer in writers] == [0, 0]
    values = [1000 * writer + number for writer in (0, 1) for number in range(150)]
    rows = FeatureStore(tmp_path, {}, 64).read([(f"{value:064x}", None) for value in values])
    np.testing.assert_array_equal(rows, np.repeat(np.array(values, dtype=np.float32)[:, None], 64, axis=1))


def test_a_batch_is_encoded_in_the_same_way_in_any_order(encoder, images) -> None:
    squares = torch.randint(0, 256, (8, 3, 96, 96), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))
    hashes = images[1][:8]
    plain, mixed = list(range(8)), [3, 1, 7, 0, 2, 6, 5, 4]
    for view in (None, 2):
        rows = encode(encoder, squares[plain], hashes, view)
        again = encode(encoder, squares[mixed], [hashes[place] for place in mixed], view)
        np.testing.assert_array_equal(again, rows[mixed])
