"""The list of benchmarks, and selected ones side by side."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from django.utils.translation import gettext as _

from pretadepenser.core import formats
from vision.models import BenchmarkRun
from vision.presenters.figures import NOT_MEASURED, share_interval
from vision.presenters.weights import run_warnings
from vision.selectors import benchmarks
from vision.wording import contender_title


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run in the list; ``contenders`` are texts like « VGG16 : 81,4 % », the best first.

    ``progress`` is that of a run without results.
    """

    run: BenchmarkRun
    contenders: tuple[str, ...]
    progress: str
    warnings: tuple[str, ...]
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class RunTable:
    """Test accuracies of ``runs``: a row is a contender's title and, for each run, accuracy and interval."""

    runs: tuple[BenchmarkRun, ...]
    rows: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


def present_rows(runs: Sequence[BenchmarkRun], chosen: Sequence[int]) -> tuple[RunRow, ...]:
    """The rows of the list; ``chosen`` are the selected ids."""
    return tuple(_row(run, run.pk in chosen) for run in runs)


def present_side_by_side(runs: Sequence[BenchmarkRun]) -> RunTable:
    """Mean test accuracies of finished runs, the best first; a dash where a run did not measure the contender."""
    intervals = benchmarks.accuracy_intervals(runs)
    accuracies = {(run.pk, name): mean for run in runs for name, mean in mean_accuracies(run).items()}
    best: dict[str, float] = {}
    for (_run, name), accuracy in accuracies.items():
        best[name] = max(accuracy, best.get(name, 0.0))

    def cell(run: BenchmarkRun, name: str) -> tuple[str, str]:
        if (run.pk, name) not in accuracies:
            return NOT_MEASURED, ""
        return formats.percent(accuracies[run.pk, name], 1), share_interval(intervals[run.pk, name])

    names = sorted(best, key=lambda name: -best[name])
    rows = tuple((contender_title(name), tuple(cell(run, name) for run in runs)) for name in names)
    return RunTable(tuple(runs), rows)


def mean_accuracies(run: BenchmarkRun) -> dict[str, float]:
    """The mean test accuracy of each contender over folds and seeds, in 0..1, the best first."""
    accuracies: dict[str, list[float]] = defaultdict(list)
    for result in run.results.all():
        accuracies[result.contender].append(result.test_accuracy)
    means = {name: fmean(values) for name, values in accuracies.items()}
    return dict(sorted(means.items(), key=lambda pair: -pair[1]))


def _row(run: BenchmarkRun, is_chosen: bool) -> RunRow:
    words = _("%(contender)s: %(accuracy)s")
    return RunRow(
        run=run,
        contenders=tuple(
            words % {"contender": contender_title(name), "accuracy": formats.percent(accuracy, 1)}
            for name, accuracy in mean_accuracies(run).items()
        ),
        progress=_progress(run),
        warnings=run_warnings(run),
        is_chosen=is_chosen,
    )


def _progress(run: BenchmarkRun) -> str:
    job = run.job
    if job is None or job.is_finished or not job.progress_total:
        return ""
    return f"{formats.percent(job.progress_done / job.progress_total)} · {job.progress_message}"
