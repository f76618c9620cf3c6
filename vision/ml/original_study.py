"""The study that this benchmark repeats: its published table, its protocol, its faults, and its way of counting.

The sentences are English and have keys, so that pages can show them in another language.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from vision.ml.evaluation import Evaluation
from vision.ml.metrics import Scores, class_counts, weighted_scores
from vision.ml.wording import gettext_noop as _


class Counting(StrEnum):
    """How a row of the published table was counted."""

    KERAS = "keras"  # (image, class) pairs with a probability above 0.5, trained images only
    WEIGHTED = "weighted"  # most probable class, averages weighted by support, validation images among the trained


@dataclass(frozen=True, slots=True)
class PublishedScores:
    """Scores as printed, in 0..1, with the numbers of images they come from; ``predicted`` is of Keras's counting."""

    precision: float
    recall: float
    f1: float
    hits: int
    images: int
    predicted: int


@dataclass(frozen=True, slots=True)
class PublishedRow:
    """One row of the published table; ``contender`` is the one of ours that repeats it."""

    contender: str
    title: str
    counting: Counting
    train: PublishedScores
    test: PublishedScores


@dataclass(frozen=True, slots=True)
class Step:
    """One choice of the study's protocol."""

    key: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in the study, and what is done here instead."""

    key: str
    sentence: str
    repair: str


@dataclass(frozen=True, slots=True)
class CountedScores:
    """A run's scores counted as the study counted; None where no image was trained on."""

    train: Scores | None
    test: Scores


PUBLISHED: Final = (
    PublishedRow(
        contender="vgg16",
        title="VGG16 + augmentation",
        counting=Counting.KERAS,
        train=PublishedScores(0.9133, 0.7807, 0.8423, hits=527, images=675, predicted=577),
        test=PublishedScores(0.8692, 0.6200, 0.7237, hits=93, images=150, predicted=107),
    ),
    PublishedRow(
        contender="clip-zero-shot",
        title="CLIP",
        counting=Counting.WEIGHTED,
        train=PublishedScores(0.8290, 0.8233, 0.8228, hits=741, images=900, predicted=900),
        test=PublishedScores(0.7840, 0.7733, 0.7763, hits=116, images=150, predicted=150),
    ),
)

PROTOCOL: Final = (
    Step("split", _("The 1,050 images are permuted by RandomState(42); the first 150 test, 25% of the rest validate.")),
    Step("network", _("VGG16 trained on ImageNet, without its last layers, frozen.")),
    Step(
        "augmentation",
        _("Training images are flipped left to right, turned by up to 0.1 turn and zoomed by up to 0.1."),
    ),
    Step("head", _("Global average pooling, 256 rectified units, dropout 0.5, softmax over 7 classes.")),
    Step("training", _("Adam, batches of 64, at most 50 epochs.")),
    Step("stopping", _("Training stops after 5 epochs without a better validation loss; the best weights are kept.")),
)

FAULTS: Final = (
    Fault(
        "two_metrics",
        _(
            "The rows count different things: VGG16's are micro averages over probabilities above 0.5, CLIP's are "
            "weighted averages of the most probable class."
        ),
        _("Every contender is counted in every way."),
    ),
    Fault(
        "unsure_images",
        _(
            "43 of the 150 test images had no class above 0.5 for VGG16: each lowers its recall and spares its "
            "precision."
        ),
        _("The most probable class is the prediction; a curve of its own shows what abstaining would bring."),
    ),
    Fault(
        "two_samples",
        _("VGG16's training scores cover 675 images, CLIP's 900: the latter include the validation images."),
        _("Training, validation and test images are scored apart."),
    ),
    Fault(
        "wrong_f1",
        _(
            "An F1 of 84.23% does not follow from a precision of 91.33% and a recall of 78.07%, which give 84.18%; its "
            "counts of images give 84.19%."
        ),
        _("All scores are computed from one confusion matrix, which is shown."),
    ),
    Fault(
        "definitions",
        _("What it calls precision is the definition of recall, and recall is not defined."),
        _("Precision is the share of predictions that are right, recall the share of a class that is found."),
    ),
    Fault(
        "normalised_twice",
        _(
            "VGG16's images were normalised twice, which cost it accuracy: 73.3% instead of the 82.0% of the same "
            "author's run without that."
        ),
        _("Each network gets its images as it was trained on them."),
    ),
    Fault(
        "duplicates",
        _(
            "No data are duplicated, it says: of 1,050 files 1,034 are distinct, and 2 test images have a twin among "
            "the training images."
        ),
        _("Byte-identical images stay in one part."),
    ),
    Fault(
        "no_interval",
        _(
            "With 150 test images, 95% intervals are 70 to 83% for CLIP, with 116 right, and 66 to 80% for VGG16, with "
            "110 right: its conclusion is not demonstrated."
        ),
        _("Every accuracy has an interval, and every difference a test on the same images."),
    ),
)


def counting_of(contender: str) -> Counting:
    """How the study would have counted a contender: networks that compare texts as CLIP, others as VGG16."""
    return Counting.WEIGHTED if contender.startswith(("clip", "siglip")) else Counting.KERAS


def counted_as_published(evaluation: Evaluation, counting: Counting) -> CountedScores:
    """A run's scores counted in the study's way, to be shown beside its table."""
    train, test = evaluation.train, evaluation.test
    if counting is Counting.KERAS:
        keras = train and train.keras
        of_train = Scores(keras.precision, keras.recall, keras.f1) if keras else None
        return CountedScores(of_train, Scores(test.keras.precision, test.keras.recall, test.keras.f1))
    known = [np.array(part.confusion) for part in (train, evaluation.validation) if part]
    return CountedScores(weighted_scores(class_counts(np.sum(known, axis=0))) if known else None, test.weighted)
