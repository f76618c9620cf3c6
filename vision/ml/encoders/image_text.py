"""CLIP and similar models of transformers: an image tower and a text tower with a common embedding space."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import torch
from torch import Tensor, nn
from transformers import CLIPConfig, CLIPModel, SiglipConfig, SiglipModel

from vision.ml.encoders.encoder import Preprocessing, TextImageEncoder, output_dimension
from vision.ml.encoders.loading import initialisation, load_weights
from vision.ml.encoders.tokenisation import (
    END,
    START,
    TextTokenizer,
    byte_tokenizer,
    byte_vocabulary,
    clip_tokenizer,
    siglip2_tokenizer,
)
from vision.ml.images import Fit, Interpolation
from vision.ml.types import BenchmarkError
from vision.ml.weights import LocatedWeights, WeightsLocator
from vision.ml.wording import gettext_noop as _

#: Source: openai/clip-vit-base-patch32, preprocessor_config.json.
_CLIP_MEAN: Final = (0.48145466, 0.4578275, 0.40821073)
_CLIP_STD: Final = (0.26862954, 0.26130258, 0.27577711)
#: Source: google/siglip2-base-patch16-224, preprocessor_config.json.
_SIGLIP_MEAN: Final = (0.5, 0.5, 0.5)


class Tower(nn.Module):
    """One tower with its projection: images or token ids in, unnormalised embeddings out, (B, D)."""

    def __init__(self, model: nn.Module, projection: nn.Module) -> None:
        super().__init__()
        self.model = model
        self.projection = projection

    def forward(self, inputs: Tensor) -> Tensor:
        embeddings: Tensor = self.projection(self.model(inputs).pooler_output)
        return embeddings


@dataclass(frozen=True)
class Family:
    """The configuration of one architecture."""

    config: Callable[[], CLIPConfig | SiglipConfig]
    fit: Fit
    interpolation: Interpolation
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    tokenizer: Callable[[Path, int], TextTokenizer] | None  # None: bytes


def small_clip() -> CLIPConfig:
    """The demo's CLIP: 96-pixel images in 12-pixel patches, texts of 64 bytes, 1.5 million parameters."""
    vocabulary = byte_vocabulary()
    layers = {"hidden_size": 128, "intermediate_size": 512, "num_attention_heads": 4}
    text = {
        "vocab_size": len(vocabulary),
        "max_position_embeddings": 64,
        "num_hidden_layers": 3,
        "bos_token_id": vocabulary[START],
        "eos_token_id": vocabulary[END],
        "pad_token_id": vocabulary[END],
        "projection_dim": 128,
    }
    vision = {"image_size": 96, "patch_size": 12, "num_hidden_layers": 4, "projection_dim": 128}
    return CLIPConfig(text_config={**layers, **text}, vision_config={**layers, **vision}, projection_dim=128)


def siglip2() -> SiglipConfig:
    """SigLIP 2 B/16: SigLIP's default sizes with Gemma's vocabulary."""
    return SiglipConfig(text_config={"vocab_size": 256_000})


FAMILIES: Final = {
    "clip-vit-base-patch32": Family(CLIPConfig, Fit.CROP, Interpolation.BICUBIC, _CLIP_MEAN, _CLIP_STD, clip_tokenizer),
    "clip-small": Family(small_clip, Fit.SQUASH, Interpolation.BICUBIC, _CLIP_MEAN, _CLIP_STD, None),
    "siglip2-base-patch16-224": Family(
        siglip2, Fit.SQUASH, Interpolation.BILINEAR, _SIGLIP_MEAN, _SIGLIP_MEAN, siglip2_tokenizer
    ),
}


def load_image_text(located: LocatedWeights, weights: WeightsLocator, *, device: torch.device) -> TextImageEncoder:
    """The encoder of one of ``FAMILIES``; random weights come from torch's generator."""
    architecture = located.record.architecture
    family = FAMILIES[architecture]
    network = _build(family, located)
    record = load_weights(network, located)
    whole: nn.Module = network
    whole.to(device).requires_grad_(False).eval()
    vision, text = _towers(network)
    size = network.vision_model.config.image_size
    if not isinstance(size, int):
        raise BenchmarkError(_("{path} belongs to a model of non-square images: {size}."), path=located.file, size=size)
    return TextImageEncoder(
        architecture=architecture,
        dimension=output_dimension(vision, size, device),
        preprocessing=Preprocessing(size, family.fit, family.interpolation, family.mean, family.std),
        weights=record,
        module=vision,
        text_module=text,
        tokenizer=load_tokenizer(located, weights),
        network=network,
    )


def load_tokenizer(located: LocatedWeights, weights: WeightsLocator) -> TextTokenizer:
    """The tokenizer of one of ``FAMILIES``; raises BenchmarkError when its files are missing."""
    architecture = located.record.architecture
    family = FAMILIES[architecture]
    length = int(_config(family, located).to_dict()["text_config"]["max_position_embeddings"])
    if family.tokenizer is None:
        return byte_tokenizer(length)
    return family.tokenizer(weights.locate_tokenizer(architecture), length)


def _config(family: Family, located: LocatedWeights) -> CLIPConfig | SiglipConfig:
    """The sizes of the network, from a ``config.json`` next to the file if there is one."""
    config = family.config()
    if located.file and (located.file.parent / "config.json").exists():
        return type(config).from_pretrained(located.file.parent, local_files_only=True)
    return config


def _build(family: Family, located: LocatedWeights) -> CLIPModel | SiglipModel:
    """The network before its weights are loaded."""
    config = _config(family, located)
    with initialisation(located):
        return CLIPModel(config) if isinstance(config, CLIPConfig) else SiglipModel(config)


def _towers(network: CLIPModel | SiglipModel) -> tuple[Tower, Tower]:
    """The image tower and the text tower, which share the network's parameters."""
    if isinstance(network, SiglipModel):
        return Tower(network.vision_model, nn.Identity()), Tower(network.text_model, nn.Identity())
    return (
        Tower(network.vision_model, network.visual_projection),
        Tower(network.text_model, network.text_projection),
    )
