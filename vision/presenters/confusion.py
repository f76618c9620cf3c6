"""The confusion matrix, whose numbers open their images."""

from dataclasses import dataclass

from vision.ml.evaluation import PartEvaluation
from vision.ml.types import Part
from vision.presenters.gallery import cell_title
from vision.presenters.links import gallery_url
from vision.selectors.benchmarks import Measurement


@dataclass(frozen=True, slots=True)
class Cell:
    """A count with the address of its images; ``tenths`` is its share of the row, 1 to 10 for any count above 0."""

    count: int
    url: str
    tenths: int
    label: str
    is_correct: bool


def present_confusion(
    shown: Measurement, classes: tuple[str, ...], figures: PartEvaluation, part: Part
) -> tuple[tuple[str, tuple[Cell, ...]], ...]:
    """A row per true class: its name, and a cell per predicted class."""

    def cell(true: int, predicted: int) -> Cell:
        counts = figures.confusion[true]
        count = counts[predicted]
        return Cell(
            count=count,
            url=gallery_url(shown, part, true, predicted) if count else "",
            tenths=max(round(10 * count / sum(counts)), 1) if count else 0,
            label=cell_title(count, classes[true], classes[predicted]),
            is_correct=true == predicted,
        )

    places = range(len(classes))
    return tuple((classes[true], tuple(cell(true, predicted) for predicted in places)) for true in places)
