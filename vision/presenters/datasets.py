"""A data set as its page tells it: classes with examples, what the import found, which labels are doubtful."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from pretadepenser.core.templatetags import formats
from vision.ml.duplicates import duplicate_groups
from vision.ml.label_errors import LabelErrorCandidate, held_out_probabilities, label_error_candidates
from vision.ml.types import Dataset, Item, Problem, ProblemKind
from vision.models import BenchmarkRun, DatasetImage, ImageDataset
from vision.selectors import benchmarks, datasets
from vision.wording import contender_title

EXAMPLES_PER_CLASS: Final = 6
GROUPS_SHOWN: Final = 6
IMAGES_PER_GROUP: Final = 6
DOUBTS_SHOWN: Final = 12
FINDINGS_SHOWN: Final = 20
RUNS_SHOWN: Final = 5

FINDING_TITLES: Final = {
    ProblemKind.MISSING: gettext_lazy("Image missing: left out"),
    ProblemKind.BROKEN: gettext_lazy("File broken or not an image: left out"),
    ProblemKind.OVERSIZED: gettext_lazy("Image too large: left out"),
    ProblemKind.UNLABELLED: gettext_lazy("No class: left out"),
    ProblemKind.DUPLICATE: gettext_lazy("Byte for byte the same as another: kept, always in the same part of a split"),
}


@dataclass(frozen=True, slots=True)
class ImageCard:
    """An image with its words: ``title`` is the product's, ``notes`` stand below it."""

    url: str
    title: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ClassView:
    name: str
    count: int
    examples: tuple[ImageCard, ...]
    descriptions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """One kind of finding; ``entries`` are (line of the source, file), ``more`` those not shown."""

    title: str
    count: int
    entries: tuple[tuple[str, str], ...]
    more: int


@dataclass(frozen=True, slots=True)
class Doubts:
    """Labels that a contender doubts; ``source`` names the run, ``count`` tells how many there are in all."""

    source: str
    count: int
    images: tuple[ImageCard, ...]


@dataclass(frozen=True, slots=True)
class DatasetView:
    """``runs`` are the newest that have results."""

    summary: str
    runs: tuple[BenchmarkRun, ...]
    classes: tuple[ClassView, ...]
    findings: tuple[Finding, ...]
    duplicates: tuple[tuple[ImageCard, ...], ...]
    duplicates_sentence: str
    doubts: Doubts | None


def present_dataset(dataset: ImageDataset) -> DatasetView:
    """The page of one data set, its doubtful labels taken from the newest finished benchmark on it."""
    data = datasets.stored_dataset(dataset)
    groups = duplicate_groups(data.items)
    runs = tuple(benchmarks.finished_runs(dataset)[:RUNS_SHOWN])
    return DatasetView(
        summary=_summary(data),
        classes=_classes(dataset),
        findings=_findings(data.problems),
        duplicates=tuple(
            tuple(image_card(dataset, data.items[place]) for place in group[:IMAGES_PER_GROUP])
            for group in sorted(groups, key=len, reverse=True)[:GROUPS_SHOWN]
        ),
        duplicates_sentence=_duplicates_sentence(groups),
        runs=runs,
        doubts=_doubts(runs[0] if runs else None, dataset, data),
    )


def image_card(dataset: ImageDataset, item: Item | DatasetImage, *notes: str) -> ImageCard:
    """The image of an item; a product without a title is called by its file."""
    url = reverse("vision:image", args=[dataset.slug, item.sha256])
    return ImageCard(url, item.text or item.key, notes)


def _summary(data: Dataset) -> str:
    left_out = data.source_rows - len(data.items)
    sentence = _("%(images)s images in %(classes)s classes.") % {
        "images": formats.amount(len(data.items)),
        "classes": formats.amount(len(data.classes)),
    }
    if not left_out:
        return sentence
    told = ngettext(
        "Of %(rows)s rows of the source %(left_out)s was left out.",
        "Of %(rows)s rows of the source %(left_out)s were left out.",
        left_out,
    )
    counts = {"rows": formats.amount(data.source_rows), "left_out": formats.amount(left_out)}
    return f"{sentence} {told % counts}"


def _classes(dataset: ImageDataset) -> tuple[ClassView, ...]:
    counts = datasets.class_counts(dataset)
    examples: dict[int, list[ImageCard]] = {}
    for image in datasets.examples(dataset, EXAMPLES_PER_CLASS):
        examples.setdefault(image.label, []).append(image_card(dataset, image))
    return tuple(
        ClassView(name, counts[name], tuple(examples.get(label, ())), tuple(dataset.descriptions.get(name, ())))
        for label, name in enumerate(dataset.classes)
    )


def _findings(problems: Sequence[Problem]) -> tuple[Finding, ...]:
    by_kind: dict[ProblemKind, list[Problem]] = {}
    for problem in problems:
        by_kind.setdefault(problem.kind, []).append(problem)
    return tuple(
        Finding(
            title=str(title),
            count=len(found),
            # Sources are counted from 1, and the first line of a csv names its columns.
            entries=tuple((formats.amount(each.row + 1), each.key) for each in found[:FINDINGS_SHOWN]),
            more=max(len(found) - FINDINGS_SHOWN, 0),
        )
        for kind, title in FINDING_TITLES.items()
        if (found := by_kind.get(kind, []))
    )


def _duplicates_sentence(groups: Sequence[Sequence[int]]) -> str:
    files = sum(len(group) for group in groups)
    sentence = ngettext(
        "%(files)s files are byte for byte the same, in %(groups)s group. They never stand in two parts of a split.",
        "%(files)s files are byte for byte the same, in %(groups)s groups. They never stand in two parts of a split.",
        len(groups),
    )
    return sentence % {"files": formats.amount(files), "groups": formats.amount(len(groups))} if groups else ""


def _doubts(run: BenchmarkRun | None, dataset: ImageDataset, data: Dataset) -> Doubts | None:
    if run is None:
        return None
    contender = benchmarks.best_contender(run)
    probabilities, positions = held_out_probabilities(benchmarks.contender_runs(run, contender))
    candidates = label_error_candidates(probabilities, data.labels, positions)
    source = _("According to %(contender)s in “%(run)s”, on images that it was not trained on.")
    return Doubts(
        source=source % {"contender": contender_title(contender), "run": run.name},
        count=len(candidates),
        images=tuple(_doubt(dataset, data, each) for each in candidates[:DOUBTS_SHOWN]),
    )


def _doubt(dataset: ImageDataset, data: Dataset, doubt: LabelErrorCandidate) -> ImageCard:
    labelled = _("Labelled: %(name)s (%(probability)s)") % {
        "name": data.classes[doubt.label],
        "probability": formats.percent(doubt.self_confidence),
    }
    rather = _("Rather: %(name)s (%(probability)s)") % {
        "name": data.classes[doubt.suggested],
        "probability": formats.percent(doubt.suggested_confidence),
    }
    return image_card(dataset, data.items[doubt.position], labelled, rather)
