"""The reader's language, as the catalogue of variables knows it."""

from django.utils.translation import get_language

from credit.ml.catalogue import Language


def current_language() -> Language:
    return "en" if (get_language() or "").startswith("en") else "fr"
