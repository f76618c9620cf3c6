"""Images of a data set with the predictions of one or two contenders."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from numpy.typing import NDArray

from pretadepenser.core import formats
from vision.ml.metrics import predicted_classes
from vision.ml.types import ContenderRun, Part
from vision.models import ImageDataset
from vision.presenters.datasets import ImageCard, image_card
from vision.presenters.links import contender_url
from vision.presenters.weights import weights_warnings
from vision.selectors import datasets
from vision.selectors.benchmarks import Measurement
from vision.wording import contender_title

Positions = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Answers:
    """What contenders predict for every image of one data set; ``labels`` are the true classes, (N,)."""

    dataset: ImageDataset
    labels: Positions
    runs: tuple[ContenderRun, ...]

    @classmethod
    def of(cls, dataset: ImageDataset, *runs: ContenderRun) -> "Answers":
        return cls(dataset, datasets.labels(dataset), runs)

    def is_correct(self, run: ContenderRun) -> NDArray[np.bool_]:
        """Whether the most probable class is the true one, (N,)."""
        return np.asarray(predicted_classes(run.probabilities) == self.labels)

    def image_cards(self, positions: Sequence[int]) -> tuple[ImageCard, ...]:
        """The images at these positions with the true class and each contender's prediction."""
        images = datasets.images_at(self.dataset, positions)
        return tuple(image_card(self.dataset, image, *self._notes(image.position)) for image in images)

    def _notes(self, position: int) -> tuple[str, ...]:
        truth = _("Class: %(name)s") % {"name": self.dataset.classes[self.labels[position]]}
        return (truth, *(self._prediction(run, position) for run in self.runs))

    def _prediction(self, run: ContenderRun, position: int) -> str:
        predicted = int(run.probabilities[position].argmax())
        return _("%(contender)s: %(name)s (%(probability)s)") % {
            "contender": contender_title(run.contender),
            "name": self.dataset.classes[predicted],
            "probability": formats.probability(float(run.probabilities[position, predicted])),
        }


def cell_positions(answers: Answers, part: Part, cell: tuple[int, int] | None) -> Positions:
    """Images of a (true, predicted) cell of the confusion matrix, or all misclassified; most confident first."""
    run = answers.runs[0]
    predicted = predicted_classes(run.probabilities)
    mask = ~answers.is_correct(run) if cell is None else (answers.labels == cell[0]) & (predicted == cell[1])
    positions = np.intersect1d(np.flatnonzero(mask), run.split.positions(part))
    return positions[np.argsort(-run.probabilities.max(axis=1)[positions], kind="stable")]


def pair_positions(answers: Answers, shown: str) -> Positions:
    """Test images that both contenders misclassify, or that only one classifies correctly."""
    a, b = map(answers.is_correct, answers.runs)
    mask = {"both_wrong": ~a & ~b, "only_a": a & ~b, "only_b": ~a & b}[shown]
    return np.intersect1d(np.flatnonzero(mask), answers.runs[0].split.positions(Part.TEST))


@dataclass(frozen=True, slots=True)
class CellView:
    """The head of a gallery; ``back_url`` leads to the confusion matrix."""

    title: str
    warnings: tuple[str, ...]
    back_url: str


def present_cell(
    shown: Measurement, part: Part, cell: tuple[int, int] | None, classes: Sequence[str], count: int
) -> CellView:
    if cell is None or max(cell) >= len(classes):
        title = ngettext("%(count)s misclassified image", "%(count)s misclassified images", count)
        title %= {"count": formats.amount(count)}
    else:
        title = cell_title(count, classes[cell[0]], classes[cell[1]])
    return CellView(title, weights_warnings(shown.first.weights_source), contender_url(shown, part))


def cell_title(count: int, true: str, predicted: str) -> str:
    """What the images of a cell of the confusion matrix are."""
    title = ngettext(
        "%(count)s image of “%(true)s” classified as “%(predicted)s”",
        "%(count)s images of “%(true)s” classified as “%(predicted)s”",
        count,
    )
    return title % {"count": formats.amount(count), "true": true, "predicted": predicted}
