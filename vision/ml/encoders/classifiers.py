"""Classifiers of torchvision without their last layers."""

from collections import OrderedDict
from typing import Final

import torch
import torchvision.models
from torch import Tensor, nn
from torchvision.models.vgg import make_layers

from vision.ml.encoders.encoder import Encoder, Preprocessing, output_dimension
from vision.ml.encoders.loading import drawing, fill_from
from vision.ml.images import Fit, Interpolation
from vision.ml.types import BenchmarkError
from vision.ml.weights import LocatedWeights
from vision.ml.wording import gettext_noop as _

IMAGENET_MEAN: Final = (0.485, 0.456, 0.406)
IMAGENET_STD: Final = (0.229, 0.224, 0.225)
#: torchvision's names for the layers that make classes of features; a network has one of them.
HEADS: Final = ("fc", "classifier", "heads", "head")
#: What the files of whole classifiers hold besides: the heads, and further ones that only training used.
_LEFT_OUT: Final = tuple(f"{name}." for name in (*HEADS, "AuxLogits", "aux1", "aux2"))
#: Layers with which the making of classes begins.
_CLASSIFYING: Final = (nn.Linear, nn.Conv2d, nn.Dropout)
NARROW: Final = "vgg16-narrow"
#: Channels of VGG16's thirteen convolutions, a quarter of the real one's; "M" is a pooling.
NARROW_VGG16: Final[tuple[int | str, ...]] = (
    *(16, 16, "M", 32, 32, "M", 64, 64, 64, "M"),
    *(128, 128, 128, "M", 128, 128, 128, "M"),
)


class GlobalAveragePooling(nn.Module):
    """The mean of each channel; rows of features pass as they are."""

    def forward(self, features: Tensor) -> Tensor:
        return features.mean(dim=(2, 3)) if features.ndim == 4 else features


def classifier_names() -> list[str]:
    """The names of torchvision's image classifiers, and of the demonstration's narrow one."""
    return [NARROW, *torchvision.models.list_models(module=torchvision.models)]


def build_trunk(name: str) -> nn.Module:
    """A torchvision classifier with random numbers that ends in one row of features: (B, 3, S, S) to (B, D).

    Convolutional networks give the mean over the image of their last maps, transformers what their head would read.
    """
    if name == NARROW:
        return _narrow_vgg16()
    if name in ("googlenet", "inception_v3"):
        # Their weights expect images scaled as their first authors did it, from ImageNet's scale.
        return cut(torchvision.models.get_model(name, aux_logits=False, transform_input=True, init_weights=True))
    if name.startswith("vit_"):
        # One place of theirs belongs to each patch of an image of the size that the weights were trained on.
        return cut(torchvision.models.get_model(name, image_size=preprocessing(name).size))
    return cut(torchvision.models.get_model(name))


def load_classifier(located: LocatedWeights, *, device: torch.device) -> Encoder:
    """The encoder of a torchvision classifier; random numbers come from torch's generator."""
    architecture = located.record.architecture
    with drawing(located):
        trunk = build_trunk(architecture)
    record = fill_from(trunk, located, ignored=_LEFT_OUT)
    trunk.to(device).to(memory_format=torch.channels_last).requires_grad_(False).eval()
    shape = preprocessing(architecture)
    return Encoder(architecture, output_dimension(trunk, shape.size, device), shape, record, trunk)


def cut(network: nn.Module) -> nn.Module:
    """The network without its classifier, in place."""
    head = next((name for name in HEADS if isinstance(getattr(network, name, None), nn.Module)), None)
    if head is None:
        raise BenchmarkError(
            _("{name} has no classifier that is known how to be cut off."), name=type(network).__name__
        )
    if hasattr(network, "avgpool"):
        network.avgpool = nn.AdaptiveAvgPool2d(1)  # VGG's and AlexNet's keep 7 × 7 and 6 × 6 places
    layers = getattr(network, head)
    kept = []
    for layer in layers if isinstance(layers, nn.Sequential) else [layers]:
        if isinstance(layer, _CLASSIFYING):
            break
        kept.append(layer)
    setattr(network, head, nn.Sequential(*kept, GlobalAveragePooling()))
    return network


def _narrow_vgg16() -> nn.Module:
    """The features of torchvision's VGG with few channels, drawn as torchvision draws them."""
    features = make_layers(list(NARROW_VGG16))
    for layer in features:
        if isinstance(layer, nn.Conv2d) and layer.bias is not None:
            nn.init.kaiming_normal_(layer.weight, mode="fan_out", nonlinearity="relu")
            nn.init.zeros_(layer.bias)
    return nn.Sequential(OrderedDict(features=features, pooling=GlobalAveragePooling()))


def preprocessing(name: str) -> Preprocessing:
    """What torchvision did with the images that it trained the classifier on, but for the fit."""
    if name == NARROW:
        return Preprocessing(96, Fit.SQUASH, Interpolation.BILINEAR, IMAGENET_MEAN, IMAGENET_STD)
    transforms = torchvision.models.get_model_weights(name).DEFAULT.transforms()
    return Preprocessing(
        transforms.crop_size[0],
        Fit.SQUASH,
        Interpolation(transforms.interpolation.value),
        tuple(transforms.mean),
        tuple(transforms.std),
    )
