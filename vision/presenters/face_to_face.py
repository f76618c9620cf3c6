"""Two contenders on the same images: the verdict, and how many images each classifies correctly."""

from dataclasses import dataclass
from typing import Final

from django.utils.http import urlencode
from django.utils.translation import gettext as _

from pretadepenser.core import formats
from vision.ml.comparison import compare_all, pair_among
from vision.ml.types import Part
from vision.models import BenchmarkRun
from vision.presenters.gallery import Answers
from vision.presenters.verdicts import evidence, pair_sentence
from vision.presenters.weights import weights_warnings
from vision.selectors import benchmarks
from vision.wording import contender_title

#: The value of ``show`` for images by whether the first and the second contender are correct; not shown if both are.
SHOWN_BY: Final = {(True, False): "only_a", (False, True): "only_b", (False, False): "both_wrong"}


@dataclass(frozen=True, slots=True)
class FaceToFaceView:
    """``verdict`` and ``evidence`` cover all folds and seeds, ``counts`` the fold that is shown or all of one seed.

    A row of ``counts`` is a label, then numbers with the addresses of their images, which may be empty.
    """

    title: str
    warnings: tuple[str, ...]
    verdict: str
    evidence: str
    counts_head: tuple[str, ...]
    counts: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


def present_face_to_face(run: BenchmarkRun, answers: Answers, split: str) -> FaceToFaceView:
    """The page of two contenders; ``answers`` are theirs on the split that is shown, which addresses call ``split``."""
    a, b = answers.runs
    test = a.split.positions(Part.TEST)
    is_correct_a, is_correct_b = answers.is_correct(a)[test], answers.is_correct(b)[test]
    titles = [contender_title(one.contender) for one in answers.runs]
    # Among all contenders, so that p is corrected as on the page of the run.
    comparisons = compare_all(benchmarks.contender_runs(run), answers.labels)
    comparison = pair_among(comparisons, a.contender, b.contender)
    assert comparison is not None  # noqa: S101 - every pair of the run's contenders is among them

    def count(by_a: bool, by_b: bool) -> tuple[str, str]:
        number = int(((is_correct_a == by_a) & (is_correct_b == by_b)).sum())
        show = SHOWN_BY.get((by_a, by_b), "")
        query = {"a": a.contender, "b": b.contender, "split": split, "show": show}
        return formats.amount(number), f"?{urlencode(query)}#images" if show and number else ""

    correct, wrong = _("Correctly classified by %(name)s"), _("Misclassified by %(name)s")
    (correct_a, correct_b), (wrong_a, wrong_b) = (
        [words % {"name": title} for title in titles] for words in (correct, wrong)
    )
    return FaceToFaceView(
        title=_("%(a)s vs. %(b)s") % {"a": titles[0], "b": titles[1]},
        warnings=weights_warnings(a.weights.source, b.weights.source),
        verdict=pair_sentence(comparison),
        evidence=evidence(comparison),
        counts_head=(_("Test images"), correct_b, wrong_b),
        counts=(
            (correct_a, (count(True, True), count(True, False))),
            (wrong_a, (count(False, True), count(False, False))),
        ),
    )
