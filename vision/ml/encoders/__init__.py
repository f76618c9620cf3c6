"""Networks that turn pictures (and texts) into features: torchvision's classifiers, CLIP, SigLIP 2, the demo's."""

from dataclasses import replace
from typing import Final

import torch
from torch import nn

from vision.ml.encoders.classifiers import HEADS, build_trunk, preprocessing
from vision.ml.encoders.encoder import Encoder, Preprocessing, TextImageEncoder, Tokenizer
from vision.ml.encoders.loading import fill, read_tensors, tensors_sha256
from vision.ml.types import WeightsRecord
from vision.ml.weights import LocatedWeights, WeightsLocator

__all__ = ["Encoder", "Preprocessing", "TextImageEncoder", "Tokenizer", "load_encoder"]

_LEFT_OUT: Final = (*(f"{head}." for head in HEADS), "AuxLogits.", "aux1.", "aux2.")


def load_encoder(architecture: str, *, weights: WeightsLocator, device: torch.device, seed: int) -> Encoder:
    """The encoder of this name on the device, with the weights that ``weights`` finds.

    ``seed`` matters only when they are random. Raises ``BenchmarkError`` when they are missing or do not fit.
    """
    located = weights.locate(architecture)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        module = build_trunk(architecture)
    record = _fill(module, located)
    module = module.to(device).to(memory_format=torch.channels_last).eval()
    shape = preprocessing(architecture)
    with torch.inference_mode():
        dimension = module(torch.zeros(1, 3, shape.size, shape.size, device=device)).shape[1]
    return Encoder(architecture, dimension, shape, record, module)


def _fill(network: nn.Module, located: LocatedWeights) -> WeightsRecord:
    if located.file is None:
        return replace(located.record, sha256=tensors_sha256(network))
    fill(network, read_tensors(located.file), located.file, ignored=_LEFT_OUT)
    return located.record
