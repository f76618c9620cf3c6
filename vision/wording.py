"""Words for names of the pure benchmark, which knows no language."""

from typing import Final

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from vision.ml.contenders import contender
from vision.ml.prompts import PromptSet
from vision.ml.types import BenchmarkError, SeveralErrors

PROMPT_WORDS: Final = {
    PromptSet.ENSEMBLE: _("Several sentences for each class"),
    PromptSet.PHOTO: _("“a photo of a …”"),
    PromptSet.NAMES: _("The names of the classes alone"),
    PromptSet.DESCRIPTIONS: _("The descriptions kept with the data set"),
}


def contender_title(name: str) -> str:
    """What a contender is called on screens; one that is no longer known keeps its name."""
    try:
        return gettext(contender(name).title)
    except BenchmarkError:
        return name


def error_sentence(error: BenchmarkError) -> str:
    """What went wrong, in the reader's language."""
    if isinstance(error, SeveralErrors):
        return "\n".join(map(error_sentence, error.errors))
    return gettext(error.sentence).format(**error.values)
