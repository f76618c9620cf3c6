from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.functional import cross_entropy, normalize

from demo.products.catalogue import CATEGORIES, KINDS
from demo.weights.__main__ import EPOCHS, main
from demo.weights.lessons import SIDE, Captions, Lessons, caption, draw_lessons
from demo.weights.narrow_vgg16 import fold
from demo.weights.small_clip import contrastive_loss
from tests.builders.image_datasets import ignore_progress
from vision.ml.encoders import TextImageEncoder, load_encoder
from vision.ml.hub import file_sha256
from vision.ml.prompts import class_texts
from vision.ml.types import WeightsSource
from vision.ml.weights import DEMO_FOLDER, WeightsLocator

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def lessons() -> Lessons:
    """Four products of every kind, which no demo network was trained on."""
    return draw_lessons(4 * len(KINDS), seed=1, on_progress=ignore_progress)


def _features(encoder_name: str, lessons: Lessons) -> torch.Tensor:
    encoder = load_encoder(encoder_name, weights=WeightsLocator(None), device=CPU, seed=0)
    images = encoder.preprocessing.normalise(torch.from_numpy(lessons.pixels).float() / 255)
    with torch.inference_mode():
        return encoder.module(images).clone()


def test_lessons_show_every_kind_equally(lessons: Lessons) -> None:
    assert lessons.pixels.shape == (4 * len(KINDS), 3, SIDE, SIDE)
    assert np.bincount(lessons.kinds).tolist() == [4] * len(KINDS)
    assert [CATEGORIES[number] for number in lessons.categories] == [KINDS[kind].category for kind in lessons.kinds]


def test_the_same_seed_draws_the_same_lessons(lessons: Lessons) -> None:
    again = draw_lessons(5, seed=1, on_progress=ignore_progress)
    np.testing.assert_array_equal(again.pixels, lessons.pixels[:5])
    assert again.titles == lessons.titles[:5]


def test_captions_are_true_of_their_own_image_and_of_none_of_another_category(lessons: Lessons) -> None:
    positions = list(range(0, 120, 3))
    captions = caption(lessons, positions, np.random.default_rng(0))
    assert captions.is_true.shape == (40, 40)
    assert captions.is_true.diagonal().all()
    categories = lessons.categories[positions]
    assert not captions.is_true[categories[:, None] != categories[None, :]].any()
    titles = [place for place, text in enumerate(captions.texts) if text == lessons.titles[positions[place]]]
    assert captions.is_true[:, titles].sum(axis=0).tolist() == [1] * len(titles)


def test_folded_layers_compute_what_batch_normalisation_did() -> None:
    torch.manual_seed(0)
    blocks = [(nn.Conv2d(3, 6, 3, padding=1), nn.BatchNorm2d(6)), (nn.Conv2d(6, 5, 3, padding=1), nn.BatchNorm2d(5))]
    with_norm = nn.Sequential(*blocks[0], nn.ReLU(), nn.MaxPool2d(2), *blocks[1], nn.ReLU())
    for _ in range(5):
        with_norm(torch.randn(8, 3, 12, 12) * 2 + 1)
    plain = nn.Sequential(
        *(nn.Conv2d(3, 6, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)), *(nn.Conv2d(6, 5, 3, padding=1), nn.ReLU())
    )
    plain.load_state_dict({name.removeprefix("features."): tensor for name, tensor in fold(with_norm).items()})
    images = torch.randn(4, 3, 12, 12)
    torch.testing.assert_close(plain(images), with_norm.eval()(images), atol=1e-5, rtol=1e-4)


def test_the_loss_is_clips_when_every_text_fits_one_image() -> None:
    torch.manual_seed(0)
    images, texts, scale = torch.randn(6, 8), torch.randn(6, 8), torch.tensor(1.5)
    logits = scale.exp() * normalize(images, dim=-1) @ normalize(texts, dim=-1).T
    right = torch.arange(6)
    expected = (cross_entropy(logits, right) + cross_entropy(logits.T, right)) / 2
    captions = Captions(("",) * 6, np.eye(6, dtype=bool))
    torch.testing.assert_close(contrastive_loss(images, texts, scale, captions), expected)


@pytest.fixture
def threads() -> Iterator[None]:
    """Gives torch its threads back, of which the command leaves it one."""
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


@pytest.mark.slow
@pytest.mark.usefixtures("threads")
def test_the_command_trains_networks_that_can_be_loaded(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["--folder", str(tmp_path), "--images", "130", "--epochs", "1", "--seed", "3"])
    hashes = dict(line.split("  ")[::-1] for line in capsys.readouterr().out.splitlines())
    for network in EPOCHS:
        path = tmp_path / f"{network}.safetensors"
        assert hashes[path.name] == file_sha256(path)
        encoder = load_encoder(network, weights=WeightsLocator(tmp_path), device=CPU, seed=0)
        features = encoder.module(torch.zeros(2, 3, SIDE, SIDE))
        assert features.shape == (2, encoder.dimension)
        assert torch.isfinite(features).all()


def test_an_unknown_network_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["resnet1000"])
    assert "there is no network resnet1000" in capsys.readouterr().err


def test_the_shipped_files_are_small_and_those_that_the_readme_names() -> None:
    files = sorted(DEMO_FOLDER.glob("*.safetensors"))
    assert [path.stem for path in files] == sorted(EPOCHS)
    assert sum(path.stat().st_size for path in files) < 6_000_000
    readme = (DEMO_FOLDER / "README.md").read_text(encoding="utf-8")
    assert all(f"{file_sha256(path)}  {path.name}" in readme for path in files)


def test_the_shipped_networks_say_that_they_are_the_demos() -> None:
    for network in EPOCHS:
        encoder = load_encoder(network, weights=WeightsLocator(None), device=CPU, seed=0)
        assert encoder.weights.source is WeightsSource.DEMO


def test_the_shipped_vgg_puts_images_beside_others_of_their_category(lessons: Lessons) -> None:
    features = normalize(_features("vgg16-narrow", lessons) ** 0.5, dim=-1)
    cosines = (features @ features.T).fill_diagonal_(-1)
    same = lessons.categories[cosines.argmax(dim=1).numpy()] == lessons.categories
    assert same.mean() > 0.6


def test_the_shipped_clip_reads_the_categories_names(lessons: Lessons) -> None:
    encoder = load_encoder("clip-small", weights=WeightsLocator(None), device=CPU, seed=0)
    assert isinstance(encoder, TextImageEncoder)
    texts = class_texts("ensemble", CATEGORIES, {})
    classes = torch.stack([encoder.encode_texts(sentences).mean(dim=0) for sentences in texts])
    found = (normalize(_features("clip-small", lessons), dim=-1) @ normalize(classes, dim=-1).T).argmax(dim=1)
    assert (found.numpy() == lessons.categories).mean() > 0.6
