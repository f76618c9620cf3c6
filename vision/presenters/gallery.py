"""Images with what a contender, or two, made of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from numpy.typing import NDArray

from pretadepenser.core.templatetags import formats
from vision.ml.metrics import predicted_classes
from vision.ml.types import ContenderRun, Part
from vision.models import ContenderResult, ImageDataset
from vision.presenters.datasets import ImageCard, image_card
from vision.presenters.links import contender_url
from vision.presenters.weights import weights_words
from vision.selectors import datasets
from vision.wording import contender_title

Positions = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Answers:
    """What contenders predict for every image of one data set: ``labels`` are the true classes, (N,)."""

    dataset: ImageDataset
    labels: Positions
    runs: tuple[ContenderRun, ...]

    @classmethod
    def of(cls, dataset: ImageDataset, *runs: ContenderRun) -> "Answers":
        """The answers of these runs, all on this data set."""
        return cls(dataset, datasets.labels(dataset), runs)

    def is_right(self, run: ContenderRun) -> NDArray[np.bool_]:
        """Whether the most probable class is the true one, (N,)."""
        return np.asarray(predicted_classes(run.probabilities) == self.labels)

    def image_cards(self, positions: Sequence[int]) -> tuple[ImageCard, ...]:
        """The images at these positions with the true class and each contender's answer."""
        images = datasets.images_at(self.dataset, positions)
        return tuple(image_card(self.dataset, image, *self._notes(image.position)) for image in images)

    def _notes(self, position: int) -> tuple[str, ...]:
        truth = _("Class: %(name)s") % {"name": self.dataset.classes[self.labels[position]]}
        return (truth, *(self._answer(run, position) for run in self.runs))

    def _answer(self, run: ContenderRun, position: int) -> str:
        predicted = int(run.probabilities[position].argmax())
        answer = {
            "contender": contender_title(run.contender),
            "name": self.dataset.classes[predicted],
            "probability": formats.probability(float(run.probabilities[position, predicted])),
        }
        return _("%(contender)s: %(name)s (%(probability)s)") % answer


def cell_positions(answers: Answers, part: Part, cell: tuple[int, int] | None) -> Positions:
    """Images of a cell of the confusion matrix, or all classified wrongly; the surest answers first."""
    run = answers.runs[0]
    predicted = predicted_classes(run.probabilities)
    wrong = predicted != answers.labels
    chosen = wrong if cell is None else (answers.labels == cell[0]) & (predicted == cell[1])
    found = np.intersect1d(np.flatnonzero(chosen), run.split.positions(part))
    return found[np.argsort(-run.probabilities.max(axis=1)[found], kind="stable")]


def pair_positions(answers: Answers, shown: str) -> Positions:
    """Test images that both contenders get wrong, or only one gets right."""
    a, b = answers.runs
    right_a, right_b = answers.is_right(a), answers.is_right(b)
    chosen = {"both_wrong": ~right_a & ~right_b, "only_a": right_a & ~right_b, "only_b": ~right_a & right_b}[shown]
    return np.intersect1d(np.flatnonzero(chosen), a.split.positions(Part.TEST))


@dataclass(frozen=True, slots=True)
class CellView:
    """The head of a gallery."""

    title: str
    warning: str
    back_url: str


def present_cell(
    result: ContenderResult, part: Part, cell: tuple[int, int] | None, classes: Sequence[str], count: int
) -> CellView:
    """What the images are, and the way back to the confusion matrix."""
    number, warning = formats.amount(count), weights_words(result.weights_source)
    if cell is None or max(cell) >= len(classes):
        sentence = ngettext("%(number)s image classified wrongly", "%(number)s images classified wrongly", count)
        return CellView(sentence % {"number": number}, warning, contender_url(result, part))
    sentence = ngettext(
        "%(number)s image of %(true)s classified as %(predicted)s",
        "%(number)s images of %(true)s classified as %(predicted)s",
        count,
    )
    words = {"number": number, "true": classes[cell[0]], "predicted": classes[cell[1]]}
    return CellView(sentence % words, warning, contender_url(result, part))
