from pathlib import Path

import pytest
import torch
from torch import nn
from torch.overrides import TorchFunctionMode

from tests.builders.encoders import encoder_from, normal, random_encoder
from tests.builders.image_datasets import WEIGHTS_FOLDER, needs_real_weights
from vision.ml.encoders import TextImageEncoder, save_weights
from vision.ml.encoders.classifiers import HEADS, build_trunk, classifier_names, cut, preprocessing
from vision.ml.images import Fit, Interpolation
from vision.ml.types import BenchmarkError, WeightsSource

#: One of each of torchvision's families, with the features that its paper names.
FAMILIES = {
    "alexnet": 256,
    "convnext_tiny": 768,
    "densenet121": 1024,
    "efficientnet_b0": 1280,
    "googlenet": 1024,
    "inception_v3": 2048,
    "maxvit_t": 512,
    "mnasnet0_5": 1280,
    "mobilenet_v2": 1280,
    "mobilenet_v3_small": 576,
    "regnet_x_400mf": 400,
    "resnet18": 512,
    "shufflenet_v2_x0_5": 1024,
    "squeezenet1_1": 512,
    "swin_t": 768,
    "swin_v2_t": 768,
    "vgg16": 512,
    "vgg11_bn": 512,
    "vgg16-narrow": 128,
    "vit_b_32": 768,
}


class _ShapesOnly(TorchFunctionMode):
    """Gives parameters a shape and no memory: the largest networks would take gigabytes and seconds."""

    def __torch_function__(self, func, types, args=(), kwargs=None):
        device = {"device": "meta"} if func is torch.empty else {}
        return func(*args, **{**(kwargs or {}), **device})


def _trunk(name: str) -> nn.Module:
    with _ShapesOnly():
        return build_trunk(name).eval()


def _shape_of_features(trunk: nn.Module, size: int) -> tuple[int, ...]:
    """Computed without a single multiplication."""
    return tuple(trunk.to("meta")(torch.zeros(2, 3, size, size, device="meta")).shape)


@pytest.mark.parametrize("name", FAMILIES)
def test_a_classifier_without_its_head_gives_one_row_per_image(name: str) -> None:
    trunk = _trunk(name)
    heads = [layer for head in HEADS for layer in getattr(trunk, head, nn.Identity()).modules()]
    assert not any(isinstance(layer, nn.Linear | nn.Conv2d) for layer in heads)
    assert _shape_of_features(trunk, preprocessing(name).size) == (2, FAMILIES[name])


@pytest.mark.parametrize("name", classifier_names())
def test_every_classifier_of_torchvision_can_be_cut(name: str) -> None:
    rows, dimension = _shape_of_features(_trunk(name), preprocessing(name).size)
    assert rows == 2
    assert dimension >= 64


def test_a_network_without_a_known_head_is_refused_with_a_sentence() -> None:
    with pytest.raises(BenchmarkError, match="Sequential has no classifier"):
        cut(nn.Sequential(nn.Conv2d(3, 4, 3)))


def test_an_unknown_architecture_is_refused_with_a_sentence() -> None:
    with pytest.raises(BenchmarkError, match="no architecture “resnet19”"):
        random_encoder("resnet19")


def test_preprocessing_is_what_torchvision_trained_with_but_squashes() -> None:
    assert preprocessing("vgg16").size == 224
    assert preprocessing("efficientnet_b0").interpolation is Interpolation.BICUBIC
    assert preprocessing("inception_v3").size == 299
    assert {preprocessing(name).fit for name in FAMILIES} == {Fit.SQUASH}
    assert preprocessing("efficientnet_v2_l").mean == (0.5, 0.5, 0.5)


def test_normalising_centres_and_scales_each_channel() -> None:
    shape = preprocessing("vgg16")
    plain = torch.tensor(shape.mean).view(1, 3, 1, 1).expand(2, 3, 4, 4)
    assert shape.normalise(plain).abs().max() < 1e-6
    ones = shape.normalise(torch.ones(1, 3, 1, 1)).flatten()
    torch.testing.assert_close(ones, (1 - torch.tensor(shape.mean)) / torch.tensor(shape.std))


def test_an_encoder_is_frozen_and_says_its_dimension_and_size() -> None:
    encoder = random_encoder("vgg16-narrow")
    assert encoder.dimension == 128
    assert encoder.parameters == sum(parameter.numel() for parameter in encoder.module.parameters()) > 900_000
    assert not encoder.module.training
    assert not any(parameter.requires_grad for parameter in encoder.module.parameters())
    assert encoder.module(normal(2, 96)).shape == (2, 128)


def test_random_numbers_follow_the_seed_and_leave_the_global_generator_alone() -> None:
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    first, again, other = (random_encoder("vgg16-narrow", seed) for seed in (1, 1, 2))
    torch.testing.assert_close(torch.rand(3), expected)
    assert first.weights.source is WeightsSource.NONE
    assert first.weights.sha256 == again.weights.sha256 != other.weights.sha256
    assert torch.equal(first.module(normal(1, 96)), again.module(normal(1, 96)))


@pytest.mark.parametrize("architecture", ["vgg16-narrow", "clip-small"])
def test_saved_weights_are_small_and_give_the_same_features(architecture: str, tmp_path: Path) -> None:
    encoder = random_encoder(architecture)
    file = tmp_path / f"{architecture}.safetensors"
    save_weights(encoder, file)
    again = encoder_from(tmp_path, architecture)
    assert file.stat().st_size < 2.1 * encoder.parameters  # two bytes a number, and names
    assert again.weights.source is WeightsSource.FOLDER
    torch.testing.assert_close(again.module(normal(2, 96)), encoder.module(normal(2, 96)), atol=2e-2, rtol=2e-2)
    second = tmp_path / "again.safetensors"
    save_weights(again, second)
    assert second.read_bytes() == file.read_bytes()


def test_both_demo_networks_together_stay_below_six_megabytes() -> None:
    parameters = sum(random_encoder(name).parameters for name in ("vgg16-narrow", "clip-small"))
    assert 2 * parameters < 5_500_000


def test_text_embeddings_are_unit_rows_and_do_not_depend_on_their_company() -> None:
    encoder = random_encoder("clip-small")
    assert isinstance(encoder, TextImageEncoder)
    texts = ["a lamp", "A photo of a wristwatch with a brown leather strap, and more than sixty-four bytes of text"]
    embeddings = encoder.encode_texts(texts)
    assert embeddings.shape == (2, encoder.dimension)
    torch.testing.assert_close(embeddings.norm(dim=1), torch.ones(2))
    torch.testing.assert_close(embeddings[:1], encoder.encode_texts(texts[:1]), atol=1e-5, rtol=0)
    assert encoder.logit_scale == pytest.approx(1 / 0.07, rel=1e-4)
    assert encoder.logit_bias == 0


def test_each_tower_holds_its_own_numbers_only() -> None:
    encoder = random_encoder("clip-small")
    assert isinstance(encoder, TextImageEncoder)
    image, text = (
        {parameter.data_ptr() for parameter in tower.parameters()} for tower in (encoder.module, encoder.text_module)
    )
    assert not image & text
    assert len(image | text) + 1 == len(list(encoder.network.parameters()))  # and the scale


@pytest.mark.real_data
@needs_real_weights
def test_the_real_squeezenet_is_read_from_its_folder() -> None:
    encoder = encoder_from(WEIGHTS_FOLDER, "squeezenet1_1")
    assert encoder.dimension == 512
    assert encoder.parameters == 722_496
    assert encoder.weights.file == "squeezenet1_1.features.safetensors"
