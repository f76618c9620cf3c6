"""What an import of images did, in lines for a terminal and for the administration."""

from collections.abc import Iterator, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vision.ml.types import ProblemKind

#: How often each kind of problem was found.
PROBLEMS: dict[ProblemKind, str | Promise] = {
    ProblemKind.MISSING: gettext_lazy("Missing files: %(count)d"),
    ProblemKind.BROKEN: gettext_lazy("Files that are not complete images: %(count)d"),
    ProblemKind.OVERSIZED: gettext_lazy("Images that are too large: %(count)d"),
    ProblemKind.UNLABELLED: gettext_lazy("Rows without a class or a file: %(count)d"),
    ProblemKind.DUPLICATE: gettext_lazy("Images that repeat an earlier one: %(count)d"),
}


def import_lines(result: Mapping[str, object]) -> Iterator[str]:
    """One fact a line: the data set, its images, what was found."""
    if result["is_new"]:
        yield (_("Data set “%(dataset)s”: %(images)d images of %(classes)d classes, of %(source_rows)d rows") % result)
    else:
        yield _("These images are there already, as data set “%(dataset)s”.") % result
    problems = result["problems"]
    if isinstance(problems, Mapping):
        yield from (str(text) % {"count": problems[kind]} for kind, text in PROBLEMS.items() if kind in problems)
