"""Classifiers of torchvision without their last layers."""

from typing import Final

import torchvision.models
from torch import Tensor, nn
from torchvision.models import VGG

from vision.ml.encoders.encoder import Preprocessing
from vision.ml.images import Fit, Interpolation
from vision.ml.types import BenchmarkError

IMAGENET_MEAN: Final = (0.485, 0.456, 0.406)
IMAGENET_STD: Final = (0.229, 0.224, 0.225)
#: torchvision's names for the layers that make classes of features; a network has one of them.
HEADS: Final = ("fc", "classifier", "heads", "head")
#: Classifiers beside the main one, for training only.
_AUXILIARY: Final = ("AuxLogits", "aux1", "aux2")
#: Layers with which the making of classes begins.
_CLASSIFYING: Final = (nn.Linear, nn.Conv2d, nn.Dropout)
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
    """The names of torchvision's image classifiers."""
    names: list[str] = torchvision.models.list_models(module=torchvision.models)
    return names


def build_trunk(name: str) -> nn.Module:
    """A torchvision classifier with random numbers that ends in one row of features: (B, 3, S, S) to (B, D).

    Convolutional networks give the mean over the picture of their last maps, transformers what their head would read.
    """
    if name == "vgg16-narrow":
        return cut(VGG(torchvision.models.vgg.make_layers(list(NARROW_VGG16)), num_classes=1))
    if name not in classifier_names():
        raise BenchmarkError(f"torchvision has no classifier “{name}”.")
    if name in ("googlenet", "inception_v3"):
        # Their weights expect pictures scaled as their first authors did it, from ImageNet's scale.
        return cut(torchvision.models.get_model(name, aux_logits=False, transform_input=True, init_weights=True))
    return cut(torchvision.models.get_model(name))


def cut(network: nn.Module) -> nn.Module:
    """The network without its classifier, in place."""
    head = next((name for name in HEADS if isinstance(getattr(network, name, None), nn.Module)), None)
    if head is None:
        raise BenchmarkError(f"{type(network).__name__} has no classifier that is known how to be cut off.")
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


def is_cut_off(network: nn.Module, tensor: str) -> bool:
    """Whether a tensor of a whole classifier's file belongs to what ``cut`` removed."""
    return tensor.partition(".")[0] in (*HEADS, *_AUXILIARY)


def preprocessing(name: str) -> Preprocessing:
    """What torchvision did with the pictures that it trained the classifier on, but for the fit."""
    if name == "vgg16-narrow":
        return Preprocessing(96, Fit.SQUASH, Interpolation.BILINEAR, IMAGENET_MEAN, IMAGENET_STD)
    transforms = torchvision.models.get_model_weights(name).DEFAULT.transforms()
    return Preprocessing(
        transforms.crop_size[0],
        Fit.SQUASH,
        Interpolation(transforms.interpolation.value),
        tuple(transforms.mean),
        tuple(transforms.std),
    )
