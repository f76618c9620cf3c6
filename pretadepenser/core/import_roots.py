"""The places of the server out of which the administration may import."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from django.conf import settings


def find_importable(text: str, is_wanted: Callable[[Path], bool]) -> Path | None:
    """What ``text`` names under one of IMPORT_ROOTS, links followed; None for what is elsewhere or not wanted.

    Relative names count from each root in turn.
    """
    for root in settings.IMPORT_ROOTS:
        with suppress(OSError, ValueError):  # a name that no file system takes
            found = (root / text).resolve()
            if found.is_relative_to(root.resolve()) and is_wanted(found):
                return found
    return None


def told_roots() -> str:
    """The roots, for the help text of a form."""
    return ", ".join(str(root) for root in settings.IMPORT_ROOTS)
