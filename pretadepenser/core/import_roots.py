"""The folders on the server that the admin may import from."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


def importable(text: str, is_allowed: Callable[[Path], bool]) -> Path:
    """The path that ``text`` names below one of IMPORT_ROOTS, links resolved; relative names are tried below each.

    Raises ValidationError if there is none or it is not allowed.
    """
    for root in settings.IMPORT_ROOTS:
        with suppress(OSError, ValueError):  # a name that the file system does not accept
            path = (root / text).resolve()
            if path.is_relative_to(root.resolve()) and is_allowed(path):
                return path
    raise ValidationError(_("%(path)s is not in a folder open to imports.") % {"path": text})


def roots_hint() -> str:
    """The roots, for the help text of a form."""
    return _("On the server, below %(roots)s.") % {"roots": ", ".join(map(str, settings.IMPORT_ROOTS))}
