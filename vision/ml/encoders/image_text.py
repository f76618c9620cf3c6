"""CLIP and its like: a tower for images and a tower for texts that meet in one space, by transformers."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import torch
from torch import Tensor, nn
from transformers import CLIPConfig, CLIPModel, SiglipConfig, SiglipModel

from vision.ml.encoders.encoder import Preprocessing, TextImageEncoder, output_dimension
from vision.ml.encoders.loading import drawing, fill_from
from vision.ml.encoders.tokenisation import (
    END,
    START,
    PieceTokenizer,
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
    """One tower with its projection: images or token ids in, un-normalised embeddings out, (B, D)."""

    def __init__(self, model: nn.Module, projection: nn.Module) -> None:
        super().__init__()
        self.model = model
        self.projection = projection

    def forward(self, inputs: Tensor) -> Tensor:
        embeddings: Tensor = self.projection(self.model(inputs).pooler_output)
        return embeddings


@dataclass(frozen=True)
class Family:
    """What the models of one architecture share; ``length`` is of texts, in pieces."""

    config: Callable[[], CLIPConfig | SiglipConfig]
    fit: Fit
    interpolation: Interpolation
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    tokenizer: Callable[[Path, int], PieceTokenizer] | None  # None: by bytes


def small_clip() -> CLIPConfig:
    """The demonstration's CLIP: 96-pixel images in 12-pixel patches, texts of 64 bytes, 1.5 million numbers."""
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
    """SigLIP 2 B/16: SigLIP's own sizes with Gemma's vocabulary."""
    return SiglipConfig(text_config={"vocab_size": 256_000})


FAMILIES: Final = {
    "clip-vit-base-patch32": Family(CLIPConfig, Fit.CROP, Interpolation.BICUBIC, _CLIP_MEAN, _CLIP_STD, clip_tokenizer),
    "clip-small": Family(small_clip, Fit.SQUASH, Interpolation.BICUBIC, _CLIP_MEAN, _CLIP_STD, None),
    "siglip2-base-patch16-224": Family(
        siglip2, Fit.SQUASH, Interpolation.BILINEAR, _SIGLIP_MEAN, _SIGLIP_MEAN, siglip2_tokenizer
    ),
}


def load_image_text(located: LocatedWeights, weights: WeightsLocator, *, device: torch.device) -> TextImageEncoder:
    """The encoder of one of ``FAMILIES``; random numbers come from torch's generator."""
    architecture = located.record.architecture
    family = FAMILIES[architecture]
    network = _build(family, located)
    record = fill_from(network, located)
    whole: nn.Module = network
    whole.to(device).requires_grad_(False).eval()
    vision, text = _towers(network)
    size = network.vision_model.config.image_size
    if not isinstance(size, int):
        raise BenchmarkError(
            _("{path} belongs to a model of images that are not square: {size}."), path=located.file, size=size
        )
    length = network.text_model.embeddings.position_embedding.num_embeddings
    return TextImageEncoder(
        architecture=architecture,
        dimension=output_dimension(vision, size, device),
        preprocessing=Preprocessing(size, family.fit, family.interpolation, family.mean, family.std),
        weights=record,
        module=vision,
        text_module=text,
        tokenizer=_tokenizer(family, weights, architecture, length),
        network=network,
    )


def _build(family: Family, located: LocatedWeights) -> CLIPModel | SiglipModel:
    """The network, with numbers only when no file will give them. A ``config.json`` beside the file says its sizes."""
    config = family.config()
    if located.file and (located.file.parent / "config.json").exists():
        config = type(config).from_pretrained(located.file.parent, local_files_only=True)
    with drawing(located):
        return CLIPModel(config) if isinstance(config, CLIPConfig) else SiglipModel(config)


def _tokenizer(family: Family, weights: WeightsLocator, architecture: str, length: int) -> PieceTokenizer:
    if family.tokenizer is None:
        return byte_tokenizer(length)
    return family.tokenizer(weights.locate_tokenizer(architecture), length)


def _towers(network: CLIPModel | SiglipModel) -> tuple[Tower, Tower]:
    """The tower of images and the tower of texts, which share their numbers with the network."""
    if isinstance(network, SiglipModel):
        return Tower(network.vision_model, nn.Identity()), Tower(network.text_model, nn.Identity())
    return (
        Tower(network.vision_model, network.visual_projection),
        Tower(network.text_model, network.text_projection),
    )
