"""The catalogue's texts in the reader's language, which the edge activates: middleware, job runner, command."""

from django.utils.translation import get_language

from credit.ml.catalogue import Text


def localized(text: Text) -> str:
    """The text in the active language, French unless that is English."""
    return text.en if (get_language() or "").startswith("en") else text.fr
