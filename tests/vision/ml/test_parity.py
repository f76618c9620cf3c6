"""Our encoders beside the libraries that they come from, in float32 on the same random weights."""

from pathlib import Path

import numpy as np
import pytest
import torch
import torchvision.models
from PIL import Image
from safetensors.torch import save_file
from torch import nn
from torchvision.transforms import InterpolationMode
from torchvision.transforms import functional as transforms
from transformers import (
    CLIPConfig,
    CLIPImageProcessor,
    CLIPModel,
    CLIPTokenizer,
    Siglip2Tokenizer,
    SiglipConfig,
    SiglipImageProcessor,
    SiglipModel,
)

from tests.builders.encoders import CPU, blobs, encoder_from, normal
from tests.builders.image_datasets import WEIGHTS_FOLDER, needs_real_weights
from vision.ml.encoders import TextImageEncoder, load_encoder
from vision.ml.encoders.image_text import FAMILIES
from vision.ml.encoders.tokenisation import byte_vocabulary
from vision.ml.images import Fit, Interpolation, to_square
from vision.ml.weights import WeightsLocator

TOLERANCE = {"atol": 1e-4, "rtol": 0}
CLIP = "clip-vit-base-patch32"
SIGLIP = "siglip2-base-patch16-224"
TEXTS = ["a photo of a watch", "a photo of a lamp", "Home Furnishing, Multicolor cotton curtain (7 ft), pack of 2"]


def _save(network: nn.Module, file: Path) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    save_file({name: tensor.contiguous() for name, tensor in network.state_dict().items()}, file)
    return file.parent


def test_vgg16_gives_the_pooled_maps_of_torchvisions(tmp_path: Path) -> None:
    torch.manual_seed(0)
    features = torchvision.models.vgg.make_layers(torchvision.models.vgg.cfgs["D"]).eval()
    network = nn.Sequential()
    network.add_module("features", features)
    folder = _save(network, tmp_path / "vgg16.features.safetensors")
    images = normal(2, 224)
    with torch.inference_mode():
        expected = features(images).mean((2, 3))
        found = encoder_from(folder, "vgg16").module(images)
    assert found.shape == (2, 512)
    torch.testing.assert_close(found, expected, **TOLERANCE)


@pytest.mark.slow
def test_the_file_of_a_whole_vgg16_gives_the_same_features_as_torchvisions(tmp_path: Path) -> None:
    network = torchvision.models.vgg16(init_weights=False).eval()
    folder = _save(network, tmp_path / "vgg16.safetensors")
    with torch.inference_mode():
        expected = network.features(normal(2, 224)).mean((2, 3))
        torch.testing.assert_close(encoder_from(folder, "vgg16").module(normal(2, 224)), expected, **TOLERANCE)


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("resnet18", "fc"),
        ("densenet121", "classifier"),
        pytest.param("vit_b_32", "heads", marks=pytest.mark.slow),
        ("swin_t", "head"),
    ],
)
def test_torchvisions_own_head_on_our_features_gives_its_logits(name: str, head: str, tmp_path: Path) -> None:
    torch.manual_seed(0)
    network = torchvision.models.get_model(name).eval()
    nn.init.normal_([*getattr(network, head).modules()][-1].weight, std=0.02)  # ViT's is zero at first
    encoder = encoder_from(_save(network, tmp_path / f"{name}.safetensors"), name)
    images = normal(2, 224)
    with torch.inference_mode():
        logits = getattr(network, head)(encoder.module(images))
        torch.testing.assert_close(logits, network(images), **TOLERANCE)
    assert logits.std() > 0.01


def _small(kind: type[CLIPConfig] | type[SiglipConfig]) -> CLIPConfig | SiglipConfig:
    layers = {"hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 2, "num_attention_heads": 4}
    vision = {**layers, "image_size": 64, "patch_size": 16}
    if kind is SiglipConfig:
        return SiglipConfig(text_config={**layers, "vocab_size": 600}, vision_config=vision)
    return CLIPConfig(text_config=layers, vision_config=vision, projection_dim=48)


def _check_clip(encoder: TextImageEncoder, network: CLIPModel, size: int) -> None:
    """Embeddings and zero-shot probabilities, the texts read by transformers' tokenizer used on its own."""
    pixel_values = normal(3, size)
    tokens = CLIPTokenizer.from_pretrained(WEIGHTS_FOLDER)(TEXTS, padding=True, return_tensors="pt")
    with torch.inference_mode():
        expected = network(**tokens, pixel_values=pixel_values)
        images = encoder.module(pixel_values)
        texts = encoder.encode_texts(TEXTS)
    units = nn.functional.normalize(images, dim=-1)
    logits = units @ texts.T * encoder.logit_scale + encoder.logit_bias
    torch.testing.assert_close(units, expected.image_embeds, **TOLERANCE)
    torch.testing.assert_close(texts, expected.text_embeds, **TOLERANCE)
    torch.testing.assert_close(logits, expected.logits_per_image, **TOLERANCE)
    torch.testing.assert_close(logits.softmax(1), expected.logits_per_image.softmax(1), **TOLERANCE)
    assert expected.logits_per_image.std() > 0.01


def _clip(config: CLIPConfig) -> CLIPModel:
    torch.manual_seed(0)
    network = CLIPModel(config).eval()
    network.logit_scale.data.fill_(3.5)  # not what a new model has
    return network


@pytest.mark.real_data
@needs_real_weights
def test_clip_from_a_transformers_folder_equals_clipmodel(tmp_path: Path) -> None:
    config = _small(CLIPConfig)
    assert isinstance(config, CLIPConfig)
    network = _clip(config)
    network.save_pretrained(tmp_path / CLIP)
    for name in ("vocab.json", "merges.txt"):
        (tmp_path / CLIP / name).write_bytes((WEIGHTS_FOLDER / name).read_bytes())
    encoder = encoder_from(tmp_path, CLIP)
    assert isinstance(encoder, TextImageEncoder)
    assert encoder.preprocessing.size == 64
    assert encoder.dimension == 48
    _check_clip(encoder, network, 64)


@pytest.mark.real_data
@pytest.mark.slow
@needs_real_weights
def test_clip_vit_b_32_equals_clipmodel(tmp_path: Path) -> None:
    network = _clip(CLIPConfig())
    folder = _save(network, tmp_path / f"{CLIP}.safetensors")
    for name in ("vocab.json", "merges.txt"):
        (folder / name).write_bytes((WEIGHTS_FOLDER / name).read_bytes())
    encoder = encoder_from(folder, CLIP)
    assert isinstance(encoder, TextImageEncoder)
    assert encoder.parameters == 151_277_313
    _check_clip(encoder, network, 224)


def test_small_clip_equals_clipmodel() -> None:
    weights = WeightsLocator(None, from_scratch=True)
    encoder = load_encoder("clip-small", weights=weights, device=CPU, seed=0)
    assert isinstance(encoder, TextImageEncoder)
    network = CLIPModel(FAMILIES["clip-small"].config()).eval()
    network.load_state_dict(encoder.network.state_dict())
    tokens = CLIPTokenizer(vocab=byte_vocabulary(), merges=[])(TEXTS, padding=True, return_tensors="pt")
    with torch.inference_mode():
        expected = network(**tokens, pixel_values=normal(2, 96))
        units = nn.functional.normalize(encoder.module(normal(2, 96)), dim=-1)
    torch.testing.assert_close(units, expected.image_embeds, **TOLERANCE)
    torch.testing.assert_close(encoder.encode_texts(TEXTS), expected.text_embeds, **TOLERANCE)


def test_siglip_from_a_transformers_folder_equals_siglipmodel(tmp_path: Path) -> None:
    torch.manual_seed(0)
    network = SiglipModel(_small(SiglipConfig)).eval()
    network.logit_scale.data.fill_(2.0)
    network.logit_bias.data.fill_(-3.0)
    folder = tmp_path / SIGLIP
    network.save_pretrained(folder)
    pieces = ["<pad>", "<eos>", "<bos>", "<unk>", "<mask>", "▁", *"abcdefghijklmnopqrstuvwxyz0123456789"]
    Siglip2Tokenizer(vocab={piece: number for number, piece in enumerate(pieces)}, merges=[]).save_pretrained(folder)
    tokenizer = Siglip2Tokenizer.from_pretrained(folder)
    tokens = tokenizer(
        TEXTS, padding="max_length", padding_side="right", max_length=64, truncation=True, return_tensors="pt"
    )["input_ids"]
    encoder = encoder_from(tmp_path, SIGLIP)
    assert isinstance(encoder, TextImageEncoder)
    assert torch.equal(encoder.tokenizer(TEXTS), tokens)
    assert tokens.unique().numel() > 10
    with torch.inference_mode():
        expected = network(input_ids=tokens, pixel_values=normal(3, 64))
        units = nn.functional.normalize(encoder.module(normal(3, 64)), dim=-1)
    logits = units @ encoder.encode_texts(TEXTS).T * encoder.logit_scale + encoder.logit_bias
    torch.testing.assert_close(logits, expected.logits_per_image, **TOLERANCE)
    assert encoder.logit_bias == -3


def _photograph() -> np.ndarray:
    """An image (200, 250, 3) of soft colours, smaller than what the cache shrinks."""
    coarse = Image.fromarray(blobs(1, 16)[0].transpose(1, 2, 0))
    return np.asarray(coarse.resize((250, 200), Image.Resampling.BICUBIC))


@pytest.mark.parametrize(
    ("architecture", "processor"),
    [
        (CLIP, CLIPImageProcessor()),
        (
            SIGLIP,
            SiglipImageProcessor(size={"height": 224, "width": 224}, resample=Image.Resampling.BILINEAR),
        ),
    ],
)
def test_preprocessing_equals_transformers_within_two_levels_of_255(architecture: str, processor) -> None:
    image = _photograph()
    family = FAMILIES[architecture]
    square = to_square(image, 224, family.fit, family.interpolation)
    mean, std = (torch.tensor(values).view(3, 1, 1) for values in (family.mean, family.std))
    ours = (torch.from_numpy(square.copy()).float() / 255 - mean) / std
    theirs = processor(Image.fromarray(image), return_tensors="pt")["pixel_values"][0]
    difference = ((ours - theirs) * std).abs() * 255
    assert difference.max() <= 2.01
    assert difference.mean() < 0.3


def test_squashing_equals_torchvisions_resize_within_one_level_of_255() -> None:
    image = _photograph()
    theirs = transforms.resize(
        torch.from_numpy(image.transpose(2, 0, 1).copy()), [224, 224], InterpolationMode.BILINEAR, antialias=True
    )
    ours = torch.from_numpy(to_square(image, 224, Fit.SQUASH, Interpolation.BILINEAR).copy())
    assert (ours.int() - theirs.int()).abs().max() <= 1
