"""The list of benchmarks, and chosen ones side by side."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from django.utils.translation import gettext as _

from pretadepenser.core.templatetags import formats
from vision.models import BenchmarkRun
from vision.presenters.weights import weights_words
from vision.selectors import benchmarks
from vision.wording import contender_title


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run in the list; ``contenders`` are sentences like « VGG16: 81,4 % », the best first.

    ``progress`` is how far a run is that has no results yet.
    """

    run: BenchmarkRun
    contenders: tuple[str, ...]
    progress: str
    warnings: tuple[str, ...]
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class RunTable:
    """Test accuracies of ``runs``; a row has its contender's title and, for each run, accuracy and interval."""

    runs: tuple[BenchmarkRun, ...]
    rows: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


def present_rows(runs: Sequence[BenchmarkRun], chosen: Sequence[int]) -> tuple[RunRow, ...]:
    """The rows of the list; ``chosen`` are the ids ticked."""
    return tuple(_row(run, run.pk in chosen) for run in runs)


def present_side_by_side(runs: Sequence[BenchmarkRun]) -> RunTable:
    """Mean test accuracies of finished runs, the best first; a contender that a run did not have shows a dash."""
    intervals = benchmarks.accuracy_intervals(runs)
    accuracies = {(run.pk, name): mean for run in runs for name, mean in mean_accuracies(run).items()}
    best: dict[str, float] = {}
    for (_run, name), accuracy in accuracies.items():
        best[name] = max(accuracy, best.get(name, 0.0))

    def cell(run: BenchmarkRun, name: str) -> tuple[str, str]:
        if (run.pk, name) not in accuracies:
            return "–", ""
        low, high = intervals[run.pk, name]
        words = {"low": formats.percent(low, 1), "high": formats.percent(high, 1)}
        return formats.percent(accuracies[run.pk, name], 1), _("%(low)s to %(high)s") % words

    names = sorted(best, key=lambda name: -best[name])
    rows = tuple((contender_title(name), tuple(cell(run, name) for run in runs)) for name in names)
    return RunTable(tuple(runs), rows)


def mean_accuracies(run: BenchmarkRun) -> dict[str, float]:
    """The mean test accuracy of each contender over folds and seeds, in 0..1, the best first."""
    found: dict[str, list[float]] = defaultdict(list)
    for result in run.results.all():
        found[result.contender].append(result.test_accuracy)
    means = {name: fmean(values) for name, values in found.items()}
    return dict(sorted(means.items(), key=lambda pair: -pair[1]))


def run_warnings(run: BenchmarkRun) -> tuple[str, ...]:
    """What has to be said wherever the run's results are shown: demonstration, from scratch."""
    words = {weights_words(result.weights_source) for result in run.results.all()}
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
        progress=_progress(run),
        warnings=run_warnings(run),
        is_chosen=is_chosen,
    )


def _progress(run: BenchmarkRun) -> str:
    job = run.job
    if job is None or job.is_finished or not job.progress_total:
        return ""
    return f"{formats.percent(job.progress_done / job.progress_total)} · {job.progress_message}"
