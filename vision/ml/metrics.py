"""How often predictions are right: equal to scikit-learn's figures, and those of Keras that the original study used.

A share whose denominator is zero is 0, as in scikit-learn by default.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

#: Keras calls a class predicted when its probability is above this. Source: ``keras.metrics.Precision``.
KERAS_THRESHOLD: Final = 0.5


@dataclass(frozen=True, slots=True)
class Scores:
    """Precision, recall and their harmonic mean, in 0..1."""

    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class ClassScores:
    """One class's scores with the images they count: of the class, predicted to be it, and both."""

    precision: float
    recall: float
    f1: float
    support: int
    predicted: int
    hits: int


@dataclass(frozen=True, slots=True)
class KerasScores:
    """Micro averages over (image, class) pairs with a probability above 0.5: an unsure image predicts nothing."""

    precision: float
    recall: float
    f1: float
    images: int
    predicted: int
    hits: int


@dataclass(frozen=True, slots=True, eq=False)
class ClassCounts:
    """Images per class: rightly predicted, of the class, predicted to be it. (..., C) each, whole numbers."""

    hits: NDArray[np.float64]
    support: NDArray[np.float64]
    predicted: NDArray[np.float64]

    @property
    def accuracy(self) -> NDArray[np.float64]:
        """Share of images that are rightly predicted, (...)."""
        return _ratio(self.hits.sum(axis=-1), self.support.sum(axis=-1))

    @property
    def precision(self) -> NDArray[np.float64]:
        """Share of the images predicted to be of a class that are, (..., C)."""
        return _ratio(self.hits, self.predicted)

    @property
    def recall(self) -> NDArray[np.float64]:
        """Share of a class's images that are predicted to be of it, (..., C)."""
        return _ratio(self.hits, self.support)

    @property
    def f1(self) -> NDArray[np.float64]:
        """Harmonic mean of precision and recall, (..., C)."""
        return _ratio(2 * self.hits, self.support + self.predicted)

    @property
    def macro_f1(self) -> NDArray[np.float64]:
        """Mean F1 of the classes that have images, (...)."""
        is_measured = self.support > 0
        return _ratio((self.f1 * is_measured).sum(axis=-1), is_measured.sum(axis=-1))


def predicted_classes(probabilities: NDArray[np.floating]) -> NDArray[np.int64]:
    """The most probable class of each image, (N,); the first of equal ones."""
    predicted: NDArray[np.int64] = probabilities.argmax(axis=1)
    return predicted


def confusion_matrix(labels: NDArray[np.int64], predicted: NDArray[np.int64], classes: int) -> NDArray[np.int64]:
    """Numbers of images, (C, C): the row is the true class, the column the predicted one."""
    return np.bincount(labels * classes + predicted, minlength=classes**2).reshape(classes, classes)


def class_counts(confusion: NDArray[np.int64]) -> ClassCounts:
    """What scores need of a confusion matrix, (C,) each."""
    matrix = confusion.astype(np.float64)
    return ClassCounts(np.diagonal(matrix), matrix.sum(axis=1), matrix.sum(axis=0))


def class_scores(counts: ClassCounts) -> tuple[ClassScores, ...]:
    """The scores of each class, in order."""
    rates = zip(counts.precision.tolist(), counts.recall.tolist(), counts.f1.tolist(), strict=True)
    images = np.stack([counts.support, counts.predicted, counts.hits], axis=1).astype(np.int64)  # (C, 3)
    return tuple(ClassScores(*rate, *row) for rate, row in zip(rates, images.tolist(), strict=True))


def macro_scores(counts: ClassCounts) -> Scores:
    """Plain means over the classes that have images; for others nothing is measured."""
    return _mean(counts, (counts.support > 0).astype(np.float64))


def weighted_scores(counts: ClassCounts) -> Scores:
    """Means over classes weighted by their numbers of images; the recall equals the accuracy."""
    return _mean(counts, counts.support)


def keras_scores(probabilities: NDArray[np.floating], labels: NDArray[np.int64]) -> KerasScores:
    """What ``keras.metrics.Precision`` and ``Recall`` give for one-hot labels with their default threshold.

    Source: Keras counts a pair as predicted when its probability is greater than 0.5, and sums over all classes.
    """
    above = probabilities > KERAS_THRESHOLD  # (N, C)
    images, predicted = len(labels), int(above.sum())
    hits = int(above[np.arange(images), labels].sum())
    precision, recall = (hits / whole if whole else 0.0 for whole in (predicted, images))
    f1 = 2 * hits / (predicted + images) if images else 0.0
    return KerasScores(precision, recall, f1, images, predicted, hits)


def log_loss(probabilities: NDArray[np.floating], labels: NDArray[np.int64]) -> float:
    """Mean negative log-likelihood of the true classes, in nats; a probability of 0 counts as float32's epsilon."""
    true = probabilities[np.arange(len(labels)), labels].astype(np.float64)
    return float(-np.log(np.maximum(true, np.finfo(np.float32).eps)).mean())


def top_accuracy(probabilities: NDArray[np.floating], labels: NDArray[np.int64], k: int) -> float:
    """Share of images whose class is among the ``k`` most probable; of equally probable ones the first count."""
    ranked = np.argsort(-probabilities, axis=1, kind="stable")[:, :k]
    return float((ranked == labels[:, None]).any(axis=1).mean())


def macro_auc(probabilities: NDArray[np.floating], labels: NDArray[np.int64]) -> float | None:
    """Mean over classes of the AUC of one class against the rest; None where no class has images of both kinds.

    Source: Hand & Till, Machine Learning 45 (2001), 171-186, for the probability that a pair is ranked rightly.
    """
    areas = []
    for label, scores in enumerate(probabilities.T):
        is_class = labels == label
        inside, outside = int(is_class.sum()), int((~is_class).sum())
        if inside and outside:
            _, place, count = np.unique(scores, return_inverse=True, return_counts=True)
            ranks = (np.cumsum(count) - (count - 1) / 2)[place]  # equal scores share their mean rank
            areas.append((ranks[is_class].sum() - inside * (inside + 1) / 2) / (inside * outside))
    return float(np.mean(areas)) if areas else None


def _mean(counts: ClassCounts, weights: NDArray[np.float64]) -> Scores:
    total = weights.sum()
    means = (float(_ratio((values * weights).sum(), total)) for values in (counts.precision, counts.recall, counts.f1))
    return Scores(*means)


def _ratio(part: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    """part / whole, 0 where there is no whole."""
    return np.where(whole > 0, part, 0.0) / np.where(whole > 0, whole, 1.0)
