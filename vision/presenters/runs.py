"""The list of benchmarks, and chosen ones side by side."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from django.utils.translation import gettext as _

from pretadepenser.core.templatetags import formats
from vision.models import BenchmarkRun
from vision.presenters.weights import weights_words
from vision.wording import contender_title


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run in the list; ``contenders`` are sentences like « VGG16: 81,4 % », the best first."""

    run: BenchmarkRun
    contenders: tuple[str, ...]
    warnings: tuple[str, ...]
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class RunTable:
    """Test accuracies, one row per contender, one column per run."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def present_rows(runs: Sequence[BenchmarkRun], chosen: Sequence[int]) -> tuple[RunRow, ...]:
    """The rows of the list; ``chosen`` are the ids ticked."""
    return tuple(_row(run, run.pk in chosen) for run in runs)


def present_side_by_side(runs: Sequence[BenchmarkRun]) -> RunTable:
    """Mean test accuracies of finished runs; a contender that a run did not have shows a dash."""
    columns = [mean_accuracies(run) for run in runs]
    names = sorted({name for column in columns for name in column}, key=contender_title)
    return RunTable(
        head=(_("Contender"), *(f"{run.name} ({run.dataset.name})" for run in runs)),
        rows=tuple(
            (
                contender_title(name),
                *(formats.percent(column[name], 1) if name in column else "–" for column in columns),
            )
            for name in names
        ),
    )


def mean_accuracies(run: BenchmarkRun) -> dict[str, float]:
    """The mean test accuracy of each contender over folds and seeds, in 0..1, the best first."""
    found: dict[str, list[float]] = defaultdict(list)
    for result in run.results.all():
        found[result.contender].append(result.test_accuracy)
    means = {name: fmean(values) for name, values in found.items()}
    return dict(sorted(means.items(), key=lambda pair: -pair[1]))


def run_warnings(run: BenchmarkRun) -> tuple[str, ...]:
    """What has to be said wherever the run's results are shown: demonstration, from scratch."""
    words = {weights_words(result) for result in run.results.all()}
    if run.is_from_scratch:
        words.add(_("from scratch"))
    return tuple(sorted(words - {""}))


def _row(run: BenchmarkRun, is_chosen: bool) -> RunRow:
    told = _("%(contender)s: %(accuracy)s")
    return RunRow(
        run=run,
        contenders=tuple(
            told % {"contender": contender_title(name), "accuracy": formats.percent(accuracy, 1)}
            for name, accuracy in mean_accuracies(run).items()
        ),
        warnings=run_warnings(run),
        is_chosen=is_chosen,
    )
