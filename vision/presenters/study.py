"""A run's figures averaged as in the original study, compared with its published ones."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext
from django.utils.translation import gettext as _

from pretadepenser.core import formats
from vision.ml.metrics import Scores
from vision.ml.original_study import FAULTS, PROTOCOL, PUBLISHED, Counting, PublishedScores, counting_of
from vision.ml.report.summaries import ContenderSummary
from vision.presenters.figures import NOT_MEASURED
from vision.wording import contender_title


@dataclass(frozen=True, slots=True)
class StudyRow:
    """Precision, recall and F1 on train, then on test; ``is_published`` marks the study's own numbers."""

    title: str
    counting: str
    cells: tuple[str, ...]
    is_published: bool


@dataclass(frozen=True, slots=True)
class StudyView:
    """The protocol is step by step; each fault comes with its repair here."""

    rows: tuple[StudyRow, ...]
    protocol: tuple[str, ...]
    faults: tuple[tuple[str, str], ...]


def present_study(summaries: Sequence[ContenderSummary]) -> StudyView:
    """The published rows, then one for each contender, averaged as the study averaged its kind."""
    published = [
        StudyRow(
            title=_("%(title)s, published") % {"title": row.title},
            counting=counting_words(row.counting),
            cells=(*_cells(row.train), *_cells(row.test)),
            is_published=True,
        )
        for row in PUBLISHED
    ]
    return StudyView(
        rows=(*published, *(_own(summary) for summary in summaries)),
        protocol=tuple(gettext(step.sentence) for step in PROTOCOL),
        faults=tuple((gettext(fault.sentence), gettext(fault.repair)) for fault in FAULTS),
    )


def counting_words(counting: Counting) -> str:
    """How a row averages over classes."""
    if counting is Counting.KERAS:
        return _("micro average of probabilities above 0.5 (Keras)")
    return _("weighted average of the most probable class")


def _own(summary: ContenderSummary) -> StudyRow:
    train, test = summary.as_published.train, summary.as_published.test
    return StudyRow(
        title=contender_title(summary.contender),
        counting=counting_words(counting_of(summary.contender)),
        cells=(*_cells(train), *_cells(test)),
        is_published=False,
    )


def _cells(scores: Scores | PublishedScores | None) -> tuple[str, ...]:
    if scores is None:
        return (NOT_MEASURED,) * 3
    return tuple(formats.percent(share, 2) for share in (scores.precision, scores.recall, scores.f1))
