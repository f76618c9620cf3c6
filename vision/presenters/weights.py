"""Warnings about the weights that contenders start from."""

from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vision.ml.types import WeightsSource
from vision.models import BenchmarkRun

WARNINGS: Final = {
    WeightsSource.NONE: gettext_lazy("from scratch"),
    WeightsSource.DEMO: gettext_lazy("demo weights"),
}


def weights_warnings(*sources: WeightsSource | str) -> tuple[str, ...]:
    """What every page must say that shows results on such weights; empty for published weights."""
    return tuple(sorted({str(WARNINGS[WeightsSource(source)]) for source in sources if source in WARNINGS}))


def run_warnings(run: BenchmarkRun) -> tuple[str, ...]:
    """The warnings of a run with or without results."""
    if run.is_from_scratch:
        return (_("from scratch"),)
    return weights_warnings(*(result.weights_source for result in run.results.all()))
