"""Two contenders on the same images: what that shows, and how often who is right."""

from dataclasses import dataclass
from typing import Final

from django.utils.http import urlencode
from django.utils.translation import gettext as _

from pretadepenser.core.templatetags import formats
from vision.ml.comparison import compare_all, pair_among
from vision.ml.types import Part
from vision.models import BenchmarkRun
from vision.presenters.gallery import Answers
from vision.presenters.verdicts import evidence, pair_sentence
from vision.presenters.weights import weights_words
from vision.selectors import benchmarks
from vision.wording import contender_title

#: What shows the images on which the first and the second contender are right or not.
SHOWN_BY: Final = {(True, False): "only_a", (False, True): "only_b", (False, False): "both_wrong"}


@dataclass(frozen=True, slots=True)
class Count:
    """A number of images, and the address that shows them, if any does."""

    number: str
    url: str


@dataclass(frozen=True, slots=True)
class FaceToFaceView:
    """``verdict`` and ``evidence`` are about all folds and seeds, ``counts`` about the split that is shown."""

    title: str
    warnings: tuple[str, ...]
    verdict: str
    evidence: str
    counts_head: tuple[str, ...]
    counts: tuple[tuple[str, tuple[Count, ...]], ...]


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

    def count(of_a: bool, of_b: bool) -> Count:
        found = int(((right_a == of_a) & (right_b == of_b)).sum())
        show = SHOWN_BY.get((of_a, of_b), "")
        query = {"a": a.contender, "b": b.contender, "split": f"{a.fold}-{a.seed}", "show": show}
        return Count(formats.amount(found), f"?{urlencode(query)}#images" if show and found else "")

    def row(label: str, of_a: bool) -> tuple[str, tuple[Count, ...]]:
        return label, (count(of_a, True), count(of_a, False))

    return FaceToFaceView(
        title=_("%(a)s against %(b)s") % names,
        warnings=tuple(sorted({weights_words(one.weights.source) for one in (a, b)} - {""})),
        verdict=pair_sentence(comparison),
        evidence=evidence(comparison),
        counts_head=(_("Test images"), _("%(b)s right") % names, _("%(b)s wrong") % names),
        counts=(row(_("%(a)s right") % names, True), row(_("%(a)s wrong") % names, False)),
    )
