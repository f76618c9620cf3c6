"""A data set's page: classes with examples, the import report, doubtful labels."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pretadepenser.core import formats
from vision.ml.duplicates import duplicate_groups
from vision.ml.label_errors import LabelErrorCandidate, held_out_probabilities, label_error_candidates
from vision.ml.statistics import wilson
from vision.ml.types import Dataset, Item, Problem
from vision.models import BenchmarkRun, DatasetImage, ImageDataset
from vision.presenters.import_result import rare_sentence
from vision.selectors import benchmarks, datasets
from vision.wording import PROBLEM_WORDS, contender_title

EXAMPLES_PER_CLASS: Final = 6
GROUPS_SHOWN: Final = 6
IMAGES_PER_GROUP: Final = 6
DOUBTS_SHOWN: Final = 12
FINDINGS_SHOWN: Final = 20
RUNS_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class ImageCard:
    """An image with its caption: the product's title, then ``notes``."""

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
    """One kind of problem; ``entries`` are (row of the source, file), ``more`` counts those not shown."""

    title: str
    count: int
    entries: tuple[tuple[str, str], ...]
    more: int


@dataclass(frozen=True, slots=True)
class Doubts:
    """Labels that a contender doubts; ``source`` names it and its run, ``count`` includes images not shown."""

    source: str
    count: int
    images: tuple[ImageCard, ...]


@dataclass(frozen=True, slots=True)
class DatasetView:
    """``runs`` are the newest that have results."""

    summary: str
    rare: str
    runs: tuple[BenchmarkRun, ...]
    classes: tuple[ClassView, ...]
    findings: tuple[Finding, ...]
    duplicates: tuple[tuple[ImageCard, ...], ...]
    duplicates_sentence: str
    doubts: Doubts | None


def present_dataset(dataset: ImageDataset) -> DatasetView:
    """The page of one data set; its doubtful labels come from the newest finished benchmark on it."""
    data = datasets.stored_dataset(dataset)
    groups = duplicate_groups(data.items)
    runs = tuple(benchmarks.finished_runs(dataset)[:RUNS_SHOWN])
    return DatasetView(
        summary=summary_sentence(data),
        rare=rare_sentence(data.rare_classes) if data.rare_classes else "",
        classes=_classes(dataset),
        findings=findings(data.problems),
        duplicates=tuple(
            tuple(image_card(dataset, data.items[place]) for place in group[:IMAGES_PER_GROUP])
            for group in sorted(groups, key=len, reverse=True)[:GROUPS_SHOWN]
        ),
        duplicates_sentence=duplicates_sentence(groups),
        runs=runs,
        doubts=_doubts(runs[0], dataset, data) if runs else None,
    )


def image_card(dataset: ImageDataset, item: Item | DatasetImage, *notes: str) -> ImageCard:
    """The card of an item, under its file name where the product has no title."""
    url = reverse("vision:image", args=[dataset.slug, item.sha256])
    return ImageCard(url, item.text or item.key, notes)


def summary_sentence(data: Dataset) -> str:
    """How many images of how many classes, and how many rows of the source were left out."""
    left_out = data.source_rows - len(data.items)
    sentence = _("%(images)s images in %(classes)s classes.") % {
        "images": formats.amount(len(data.items)),
        "classes": formats.amount(len(data.classes)),
    }
    if not left_out:
        return sentence
    rest = ngettext(
        "%(left_out)s of %(rows)s source rows was left out.",
        "%(left_out)s of %(rows)s source rows were left out.",
        left_out,
    )
    counts = {"rows": formats.amount(data.source_rows), "left_out": formats.amount(left_out)}
    return f"{sentence} {rest % counts}"


def _classes(dataset: ImageDataset) -> tuple[ClassView, ...]:
    counts = datasets.class_counts(dataset)
    examples: dict[int, list[ImageCard]] = {}
    for image in datasets.examples(dataset, EXAMPLES_PER_CLASS):
        examples.setdefault(image.label, []).append(image_card(dataset, image))
    return tuple(
        ClassView(name, counts[name], tuple(examples.get(label, ())), tuple(dataset.descriptions.get(name, ())))
        for label, name in enumerate(dataset.classes)
    )


def findings(problems: Sequence[Problem]) -> tuple[Finding, ...]:
    """The problems of the import by kind, kinds that do not occur left out; rows are counted from 1."""
    by_kind = {kind: [problem for problem in problems if problem.kind is kind] for kind in PROBLEM_WORDS}
    return tuple(
        Finding(
            title=str(PROBLEM_WORDS[kind]),
            count=len(alike),
            entries=tuple((formats.amount(problem.row + 1), problem.key) for problem in alike[:FINDINGS_SHOWN]),
            more=max(len(alike) - FINDINGS_SHOWN, 0),
        )
        for kind, alike in by_kind.items()
        if alike
    )


def duplicates_sentence(groups: Sequence[Sequence[int]]) -> str:
    """How many files are identical; empty where none are."""
    if not groups:
        return ""
    sentence = ngettext(
        "%(files)s identical files in %(groups)s group, kept in one part by every split but the original study's.",
        "%(files)s identical files in %(groups)s groups, kept in one part by every split but the original study's.",
        len(groups),
    )
    return sentence % {"files": formats.amount(sum(map(len, groups))), "groups": formats.amount(len(groups))}


def _doubts(run: BenchmarkRun, dataset: ImageDataset, data: Dataset) -> Doubts | None:
    """None unless the contender is better than always naming the most frequent class, by its 95 % interval."""
    contender = benchmarks.best_contender(run)
    probabilities, positions = held_out_probabilities(benchmarks.contender_runs(run, contender))
    labels = data.labels[positions]
    hits = int(np.count_nonzero(probabilities[positions].argmax(axis=1) == labels))
    if wilson(hits, len(labels)).low <= np.bincount(labels).max() / len(labels):
        return None
    candidates = label_error_candidates(probabilities, data.labels, positions)
    source = _(
        "According to %(contender)s in “%(run)s”, which gets %(accuracy)s right of images it was not trained on."
    )
    accuracy = formats.percent(hits / len(labels), 1)
    return Doubts(
        source=source % {"contender": contender_title(contender), "run": run.name, "accuracy": accuracy},
        count=len(candidates),
        images=tuple(_doubt(dataset, data, candidate) for candidate in candidates[:DOUBTS_SHOWN]),
    )


def _doubt(dataset: ImageDataset, data: Dataset, candidate: LabelErrorCandidate) -> ImageCard:
    def note(words: str, label: int, probability: float) -> str:
        return words % {"name": data.classes[label], "probability": formats.percent(probability)}

    return image_card(
        dataset,
        data.items[candidate.position],
        note(_("Label: %(name)s (%(probability)s)"), candidate.label, candidate.self_confidence),
        note(_("Suggested: %(name)s (%(probability)s)"), candidate.suggested, candidate.suggested_confidence),
    )
