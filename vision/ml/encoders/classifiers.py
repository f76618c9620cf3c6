"""torchvision's classifiers without their last layers."""

from collections import OrderedDict
from typing import Final

import torch
import torchvision.models
from torch import Tensor, nn
from torchvision.models.vgg import make_layers

from vision.ml.encoders.encoder import Encoder, Preprocessing, output_dimension
from vision.ml.encoders.loading import initialisation, load_weights
from vision.ml.images import Fit, Interpolation
from vision.ml.types import BenchmarkError
from vision.ml.weights import LocatedWeights
from vision.ml.wording import gettext_noop as _

IMAGENET_MEAN: Final = (0.485, 0.456, 0.406)
IMAGENET_STD: Final = (0.229, 0.224, 0.225)
#: torchvision's names of the classifying layers; every network has one of them.
HEADS: Final = ("fc", "classifier", "heads", "head")
#: Tensors in the files of whole classifiers that are not loaded: the heads, and auxiliary ones used in training only.
_IGNORED: Final = tuple(f"{name}." for name in (*HEADS, "AuxLogits", "aux1", "aux2"))
#: The first layer of one of these kinds begins the classification.
_CLASSIFYING: Final = (nn.Linear, nn.Conv2d, nn.Dropout)
NARROW: Final = "vgg16-narrow"
#: Channels of the thirteen convolutions, a quarter of VGG16's; "M" is a pooling.
NARROW_VGG16: Final[tuple[int | str, ...]] = (
    *(16, 16, "M", 32, 32, "M", 64, 64, 64, "M"),
    *(128, 128, 128, "M", 128, 128, 128, "M"),
)


class GlobalAveragePooling(nn.Module):
    """The mean of each channel; rows of features pass unchanged."""

    def forward(self, features: Tensor) -> Tensor:
        return features.mean(dim=(2, 3)) if features.ndim == 4 else features


def classifier_names() -> list[str]:
    """The names of torchvision's image classifiers and of the demo's narrow one."""
    return [NARROW, *torchvision.models.list_models(module=torchvision.models)]


def build_trunk(name: str) -> nn.Module:
    """A randomly initialised torchvision classifier without its head: (B, 3, S, S) to (B, D).

    Convolutional networks give the spatial mean of their last feature maps, transformers the input of their head.
    """
    if name == NARROW:
        return _narrow_vgg16()
    if name in ("googlenet", "inception_v3"):
        # Their weights expect the first authors' scaling, which they derive from ImageNet's.
        return cut(torchvision.models.get_model(name, aux_logits=False, transform_input=True, init_weights=True))
    if name.startswith("vit_"):
        # Their position embeddings belong to images of the size that the weights were trained on.
        return cut(torchvision.models.get_model(name, image_size=preprocessing(name).size))
    return cut(torchvision.models.get_model(name))


def load_classifier(located: LocatedWeights, *, device: torch.device) -> Encoder:
    """The encoder of a torchvision classifier; random weights come from torch's generator."""
    architecture = located.record.architecture
    with initialisation(located):
        trunk = build_trunk(architecture)
    record = load_weights(trunk, located, ignored=_IGNORED)
    trunk.to(device).to(memory_format=torch.channels_last).requires_grad_(False).eval()
    shape = preprocessing(architecture)
    return Encoder(architecture, output_dimension(trunk, shape.size, device), shape, record, trunk)


def cut(network: nn.Module) -> nn.Module:
    """Removes the network's classifier, in place."""
    head = next((name for name in HEADS if isinstance(getattr(network, name, None), nn.Module)), None)
    if head is None:
        raise BenchmarkError(_("{name} has no classifier that can be removed."), name=type(network).__name__)
    if hasattr(network, "avgpool"):
        network.avgpool = nn.AdaptiveAvgPool2d(1)  # VGG and AlexNet pool to 7 × 7 and 6 × 6
    layers = getattr(network, head)
    kept = []
    for layer in layers if isinstance(layers, nn.Sequential) else [layers]:
        if isinstance(layer, _CLASSIFYING):
            break
        kept.append(layer)
    setattr(network, head, nn.Sequential(*kept, GlobalAveragePooling()))
    return network


def _narrow_vgg16() -> nn.Module:
    """VGG's convolutions with few channels, initialised as torchvision does."""
    features = make_layers(list(NARROW_VGG16))
    for layer in features:
        if isinstance(layer, nn.Conv2d) and layer.bias is not None:
            nn.init.kaiming_normal_(layer.weight, mode="fan_out", nonlinearity="relu")
            nn.init.zeros_(layer.bias)
    return nn.Sequential(OrderedDict(features=features, pooling=GlobalAveragePooling()))


def preprocessing(name: str) -> Preprocessing:
    """The preprocessing that torchvision trained the classifier with, except that images are squashed."""
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
