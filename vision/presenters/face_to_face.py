"""Two contenders on the same pictures: what that shows, and how often who is right."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from pretadepenser.core.templatetags import formats
from vision.ml.comparison import compare_all, pair_among
from vision.ml.types import Part
from vision.models import BenchmarkRun
from vision.presenters.gallery import Answers
from vision.presenters.verdicts import evidence, pair_sentence
from vision.selectors import benchmarks
from vision.wording import contender_title


@dataclass(frozen=True, slots=True)
class FaceToFaceView:
    """``verdict`` and ``evidence`` are about all folds and seeds, ``counts`` about the split that is shown."""

    title: str
    verdict: str
    evidence: str
    counts_head: tuple[str, ...]
    counts: tuple[tuple[str, ...], ...]


def present_face_to_face(run: BenchmarkRun, answers: Answers) -> FaceToFaceView:
    """The page of two contenders; ``answers`` are theirs on the split that is shown."""
    a, b = answers.runs
    test = a.split.positions(Part.TEST)
    right_a, right_b = answers.is_right(a)[test], answers.is_right(b)[test]
    names = {"a": contender_title(a.contender), "b": contender_title(b.contender)}
    # Among all contenders, so that p is corrected as on the page of the run.
    comparisons = compare_all(benchmarks.contender_runs(run), answers.labels)
    comparison = pair_among(comparisons, a.contender, b.contender)
    assert comparison is not None  # noqa: S101 - every pair of the run's contenders is among them

    def row(label: str, of_a: bool) -> tuple[str, ...]:
        chosen = right_a == of_a
        return (label, *(formats.amount(int((chosen & (right_b == of_b)).sum())) for of_b in (True, False)))

    return FaceToFaceView(
        title=_("%(a)s against %(b)s") % names,
        verdict=pair_sentence(comparison),
        evidence=evidence(comparison),
        counts_head=(_("Test pictures"), _("%(b)s right") % names, _("%(b)s wrong") % names),
        counts=(row(_("%(a)s right") % names, True), row(_("%(a)s wrong") % names, False)),
    )
