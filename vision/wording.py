"""Words for the names that the pure benchmark uses, which knows no language."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pretadepenser.core.delimited import UnreadableText
from vision.ml.contenders import contender
from vision.ml.prompts import PromptSet
from vision.ml.types import BenchmarkError, ProblemKind, SeveralErrors

PLACE: Final = _("Fold %(fold)d, seed %(seed)d")
ALL_FOLDS: Final = _("All folds, seed %(seed)d")
PROMPT_WORDS: Final = {
    PromptSet.ENSEMBLE: _("Several sentences per class"),
    PromptSet.PHOTO: _("“a photo of a …”"),
    PromptSet.NAMES: _("Class names only"),
    PromptSet.DESCRIPTIONS: _("Descriptions saved with the data set"),
}
PROBLEM_WORDS: Final[Mapping[ProblemKind, Promise]] = {
    ProblemKind.MISSING: _("Missing images (left out)"),
    ProblemKind.BROKEN: _("Unreadable images (left out)"),
    ProblemKind.OVERSIZED: _("Images that are too large (left out)"),
    ProblemKind.UNLABELLED: _("Rows without a class or a file (left out)"),
    ProblemKind.DUPLICATE: _("Exact duplicates (kept)"),
    ProblemKind.RESPELLED: _("Classes written differently (merged)"),
    ProblemKind.PARTS: _("Folders of a split, which are not classes (pooled)"),
}


def contender_title(name: str) -> str:
    """A contender's name on screen; its raw name if it is no longer registered."""
    try:
        return gettext(contender(name).title)
    except BenchmarkError:
        return name


def error_sentence(error: BenchmarkError) -> str:
    """What went wrong, in the reader's language."""
    if isinstance(error, SeveralErrors):
        return "\n".join(map(error_sentence, error.errors))
    reasons = {
        name: value.translated(gettext) for name, value in error.values.items() if isinstance(value, UnreadableText)
    }
    return gettext(error.sentence).format(**{**error.values, **reasons})
