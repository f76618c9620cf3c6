"""The report of an image import, in lines for a terminal and for the admin."""

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _

from pretadepenser.core import formats
from vision.ml.types import ProblemKind
from vision.wording import PROBLEM_WORDS


def import_lines(result: Mapping[str, object]) -> Iterator[str]:
    """One fact a line: the data set with its images, then the problems by kind."""
    if result["is_new"]:
        sentence = _("Data set “%(dataset)s”: %(images)d images in %(classes)d classes, from %(source_rows)d rows")
    else:
        sentence = _("These images were already imported, as data set “%(dataset)s”.")
    yield sentence % result
    problems = result["problems"]
    if isinstance(problems, Mapping):
        yield from problem_lines(problems)
    rare = result.get("rare_classes")
    if isinstance(rare, Mapping) and rare:
        yield rare_sentence(rare)


def rare_sentence(counts: Mapping[str, int]) -> str:
    """Which classes have too few different images, with their number."""
    classes = ", ".join(f"{name} ({formats.amount(count)})" for name, count in counts.items())
    return _("Too few different images to train, validate and test: %(classes)s.") % {"classes": classes}


def problem_lines(counts: Mapping[ProblemKind, int]) -> Iterator[str]:
    """How often each kind of problem occurs; keys may also be the kinds' values."""
    for kind, words in PROBLEM_WORDS.items():
        if kind in counts:
            yield _("%(problem)s: %(count)s") % {"problem": words, "count": formats.amount(counts[kind])}
