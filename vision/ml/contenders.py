"""The contenders by name. Each is configuration only: what it sees the image with, and how it learns from that.

Importable without torch: forms and pages read this registry.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from vision.ml.types import BenchmarkError
from vision.ml.wording import gettext_noop as _


@dataclass(frozen=True)
class HeadSettings:
    """Dense layers trained by Adam on frozen features.

    ``views`` is how many augmented views of each training image exist; every epoch shows one of them per image, or the
    plain image where there are none. ``has_unit_rows`` scales each image's features to length 1; ``standardise``
    then scales each feature by its mean and deviation over the plain training images.

    The defaults are what validation chose for SqueezeNet's features of the marketplace's sample, over folds drawn with
    three seeds: turned and zoomed views mislead the frozen features of so small a network.
    """

    hidden: int = 256
    dropout: float = 0.5
    has_unit_rows: bool = True
    standardise: bool = True
    views: int = 0
    learning_rate: float = 3e-4
    batch_size: int = 64
    epochs: int = 50
    patience: int = 5


@dataclass(frozen=True)
class FinetuneSettings:
    """First the head as above, then the head and the encoder's last layers together, from pixels, at a small rate.

    ``unfrozen_share`` is the share of the encoder's layers that learn: of VGG16's thirteen, exactly the last block.
    """

    head: HeadSettings
    unfrozen_share: float = 0.25
    learning_rate: float = 1e-5
    batch_size: int = 32
    epochs: int = 15
    patience: int = 3


@dataclass(frozen=True)
class ZeroShotSettings:
    """Nothing is learned: the classes' texts classify."""


@dataclass(frozen=True)
class ProbeSettings:
    """Logistic regression on unit features; ``strengths`` are the values of C that validation chooses from."""

    strengths: tuple[float, ...] = (0.01, 0.1, 1.0, 10.0, 100.0, 1000.0)
    iterations: int = 500


@dataclass(frozen=True)
class ContrastiveSettings:
    """Images and the titles of their products are drawn together, then the classes' texts classify.

    ``unfrozen_share`` is the share of each tower's layers that learn: the last three blocks of CLIP's twelve.
    """

    unfrozen_share: float = 0.25
    learning_rate: float = 1e-6
    weight_decay: float = 0.1
    batch_size: int = 32
    epochs: int = 10
    patience: int = 3


LearnerSettings = HeadSettings | FinetuneSettings | ZeroShotSettings | ProbeSettings | ContrastiveSettings


@dataclass(frozen=True)
class ContenderSpec:
    """One contender: ``architecture`` names the encoder, ``settings`` the way of learning."""

    name: str
    title: str
    architecture: str
    settings: LearnerSettings
    is_demo: bool = False

    @property
    def reads_texts(self) -> bool:
        """Whether prompts matter to it."""
        return isinstance(self.settings, ZeroShotSettings | ContrastiveSettings)

    @property
    def epochs(self) -> int | None:
        """Epochs at most, None where there are none."""
        return getattr(self.settings, "epochs", None)


_FINETUNED: Final = "-finetuned"

#: Source: the original study's protocol; Keras gives Adam this rate. Of its ever new views, eight are kept.
_ORIGINAL_HEAD: Final = HeadSettings(has_unit_rows=False, standardise=False, views=8, learning_rate=1e-3)

_CLIP: Final = "clip-vit-base-patch32"
_SIGLIP2: Final = "siglip2-base-patch16-224"
_CLIP_SMALL: Final = "clip-small"

_SPECS: Final = (
    ContenderSpec("vgg16", "VGG16", "vgg16", _ORIGINAL_HEAD),
    ContenderSpec("vgg16-finetuned", _("VGG16, fine-tuned"), "vgg16", FinetuneSettings(_ORIGINAL_HEAD)),
    ContenderSpec("densenet121", "DenseNet-121", "densenet121", HeadSettings()),
    ContenderSpec("squeezenet1_1", "SqueezeNet 1.1", "squeezenet1_1", HeadSettings()),
    ContenderSpec("resnet50", "ResNet-50", "resnet50", HeadSettings()),
    ContenderSpec("clip-zero-shot", _("CLIP ViT-B/32, zero-shot"), _CLIP, ZeroShotSettings()),
    ContenderSpec("clip-linear-probe", _("CLIP ViT-B/32, linear probe"), _CLIP, ProbeSettings()),
    ContenderSpec("clip-finetuned", _("CLIP ViT-B/32, fine-tuned"), _CLIP, ContrastiveSettings()),
    ContenderSpec("siglip2-zero-shot", _("SigLIP 2 B/16, zero-shot"), _SIGLIP2, ZeroShotSettings()),
    ContenderSpec("siglip2-linear-probe", _("SigLIP 2 B/16, linear probe"), _SIGLIP2, ProbeSettings()),
    ContenderSpec("vgg16-narrow", _("Narrow VGG16"), "vgg16-narrow", _ORIGINAL_HEAD, is_demo=True),
    ContenderSpec(
        "vgg16-narrow-finetuned",
        _("Narrow VGG16, fine-tuned"),
        "vgg16-narrow",
        FinetuneSettings(_ORIGINAL_HEAD, learning_rate=1e-4),
        is_demo=True,
    ),
    ContenderSpec("clip-small-zero-shot", _("Small CLIP, zero-shot"), _CLIP_SMALL, ZeroShotSettings(), is_demo=True),
    ContenderSpec("clip-small-linear-probe", _("Small CLIP, linear probe"), _CLIP_SMALL, ProbeSettings(), is_demo=True),
    ContenderSpec(
        "clip-small-finetuned",
        _("Small CLIP, fine-tuned"),
        _CLIP_SMALL,
        ContrastiveSettings(learning_rate=1e-5),
        is_demo=True,
    ),
)

#: The contenders that forms offer, by name; ``contender`` knows every classifier of torchvision besides.
REGISTERED: Final[Mapping[str, ContenderSpec]] = {spec.name: spec for spec in _SPECS}

_TORCHVISION_NAMES: Final = """
alexnet convnext_base convnext_large convnext_small convnext_tiny densenet121 densenet161 densenet169 densenet201
efficientnet_b0 efficientnet_b1 efficientnet_b2 efficientnet_b3 efficientnet_b4 efficientnet_b5 efficientnet_b6
efficientnet_b7 efficientnet_v2_l efficientnet_v2_m efficientnet_v2_s googlenet inception_v3 maxvit_t mnasnet0_5
mnasnet0_75 mnasnet1_0 mnasnet1_3 mobilenet_v2 mobilenet_v3_large mobilenet_v3_small regnet_x_16gf regnet_x_1_6gf
regnet_x_32gf regnet_x_3_2gf regnet_x_400mf regnet_x_800mf regnet_x_8gf regnet_y_128gf regnet_y_16gf regnet_y_1_6gf
regnet_y_32gf regnet_y_3_2gf regnet_y_400mf regnet_y_800mf regnet_y_8gf resnet101 resnet152 resnet18 resnet34 resnet50
resnext101_32x8d resnext101_64x4d resnext50_32x4d shufflenet_v2_x0_5 shufflenet_v2_x1_0 shufflenet_v2_x1_5
shufflenet_v2_x2_0 squeezenet1_0 squeezenet1_1 swin_b swin_s swin_t swin_v2_b swin_v2_s swin_v2_t vgg11 vgg11_bn vgg13
vgg13_bn vgg16 vgg16_bn vgg19 vgg19_bn vit_b_16 vit_b_32 vit_h_14 vit_l_16 vit_l_32 wide_resnet101_2 wide_resnet50_2
"""

#: Every classifier of torchvision 0.29; a test compares.
TORCHVISION: Final = tuple(_TORCHVISION_NAMES.split())


def contender(name: str) -> ContenderSpec:
    """The contender of this name: a registered one, ``<torchvision classifier>`` or ``<…>-finetuned``."""
    if name in REGISTERED:
        return REGISTERED[name]
    architecture = name.removesuffix(_FINETUNED)
    if architecture not in TORCHVISION:
        close = get_close_matches(name, dict.fromkeys([*REGISTERED, *TORCHVISION]), n=3)
        if close:
            raise BenchmarkError(
                _("There is no contender “{name}”. Did you mean {close}?"), name=name, close=", ".join(close)
            )
        known = ", ".join(REGISTERED)
        raise BenchmarkError(_("There is no contender “{name}”. Known are {known}."), name=name, known=known)
    if name == architecture:
        return ContenderSpec(name, name, architecture, HeadSettings())
    return ContenderSpec(name, f"{architecture}, fine-tuned", architecture, FinetuneSettings(HeadSettings()))
