"""The confusion matrix, whose numbers open their images."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from pretadepenser.core.templatetags import formats
from vision.ml.evaluation import Evaluation, PartEvaluation
from vision.ml.types import Part
from vision.models import ContenderResult
from vision.presenters.links import gallery_url


@dataclass(frozen=True, slots=True)
class Cell:
    """A number of the confusion matrix and the address of its images; ``share`` of its row in 0..1, in tenths."""

    count: int
    url: str
    tenths: int
    label: str
    is_right: bool


def present_confusion(
    result: ContenderResult, evaluation: Evaluation, figures: PartEvaluation, part: Part
) -> tuple[tuple[str, tuple[Cell, ...]], ...]:
    """A row per true class: its name, and a cell per predicted class."""
    words = _("%(count)s images of %(true)s classified as %(predicted)s")
    rows = []
    for true, name in enumerate(evaluation.classes):
        counts = figures.confusion[true]
        total = sum(counts) or 1
        cells = tuple(
            Cell(
                count=count,
                url=gallery_url(result, part, true, predicted) if count else "",
                tenths=round(10 * count / total) or bool(count),
                label=words
                % {"count": formats.amount(count), "true": name, "predicted": evaluation.classes[predicted]},
                is_right=true == predicted,
            )
            for predicted, count in enumerate(counts)
        )
        rows.append((name, cells))
    return tuple(rows)
