"""A run's figures counted as the original study counted, beside the numbers that it published."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext
from django.utils.translation import gettext as _

from pretadepenser.core.templatetags import formats
from vision.ml.metrics import Scores
from vision.ml.original_study import FAULTS, PROTOCOL, PUBLISHED, Counting, PublishedScores, counting_of
from vision.ml.report.summaries import ContenderSummary
from vision.wording import contender_title

NO_CELLS: Final = ("–", "–", "–")


@dataclass(frozen=True, slots=True)
class StudyRow:
    """Precision, recall and F1 on train, then on test; ``is_published`` marks the study's own numbers."""

    title: str
    counting: str
    cells: tuple[str, ...]
    is_published: bool


def present_study(summaries: Sequence[ContenderSummary]) -> tuple[StudyRow, ...]:
    """The published rows, then one for each contender, counted as its kind was counted there."""
    published = [
        StudyRow(
            title=_("%(title)s, published") % {"title": row.title},
            counting=counting_words(row.counting),
            cells=(*_cells(row.train), *_cells(row.test)),
            is_published=True,
        )
        for row in PUBLISHED
    ]
    return (*published, *(_own(summary) for summary in summaries))


def protocol_sentences() -> tuple[str, ...]:
    """How the study was done, step by step."""
    return tuple(gettext(step.sentence) for step in PROTOCOL)


def fault_sentences() -> tuple[tuple[str, str], ...]:
    """What is wrong in the study, and what is done here instead."""
    return tuple((gettext(fault.sentence), gettext(fault.repair)) for fault in FAULTS)


def counting_words(counting: Counting) -> str:
    """How a row counts, in a few words."""
    if counting is Counting.KERAS:
        return _("micro average of probabilities above 0.5")
    return _("weighted average of the most probable class")


def _own(summary: ContenderSummary) -> StudyRow:
    train, test = summary.as_published.train, summary.as_published.test
    return StudyRow(
        title=contender_title(summary.contender),
        counting=counting_words(counting_of(summary.contender)),
        cells=(*(_cells(train) if train else NO_CELLS), *_cells(test)),
        is_published=False,
    )


def _cells(scores: Scores | PublishedScores) -> tuple[str, str, str]:
    return (formats.percent(scores.precision, 2), formats.percent(scores.recall, 2), formats.percent(scores.f1, 2))
