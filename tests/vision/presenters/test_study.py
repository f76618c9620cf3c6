"""The original study's table with a run's own figures."""

import pytest

from tests.builders.benchmarks import a_result, a_run
from vision.ml.report.summaries import summarise
from vision.presenters.study import present_study
from vision.selectors.benchmarks import contender_runs, evaluations

pytestmark = pytest.mark.django_db


def test_each_contender_is_averaged_as_the_study_averaged_its_kind() -> None:
    run = a_run()
    for contender in ("vgg16-narrow", "clip-small-zero-shot"):
        a_result(run, contender, wrong=[6])
    *published, vgg, clip = present_study(summarise(contender_runs(run), evaluations(run))).rows

    assert all(row.is_published for row in published)
    assert (vgg.title, vgg.counting) == ("Narrow VGG16", "micro average of probabilities above 0.5 (Keras)")
    assert (clip.title, clip.counting) == ("Small CLIP, zero-shot", "weighted average of the most probable class")
    assert len(vgg.cells) == len(clip.cells) == 6
