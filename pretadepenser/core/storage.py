"""Faults of our own folders, in words: a full disk, an exhausted quota, a folder that cannot be written to."""

import errno
import re
import shutil
import tempfile
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _
from psycopg2.errors import DiskFull

FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
CLOSED: Final = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})
# Libraries raise errors without a number: Polars for rows and for the end of a Parquet file, NumPy.
FULL_IN_WORDS: Final = re.compile(
    r"No space left on device|Disk quota exceeded|File too large|Invalid thrift: transport error"
    r"|\d+ requested and \d+ written"
)


def storage_sentence(error: BaseException | None) -> str:
    """What to tell a user when ``error`` comes from our own storage, naming the folder; empty for any other error."""
    if error is None:
        return ""
    if sentence := storage_sentence(error.__cause__):
        return sentence
    if isinstance(error, DiskFull):
        return _("The disk of the database is full. Free some space, then try again.")
    number = error.errno if isinstance(error, OSError) else None
    path = _path(error)
    if number in FULL or FULL_IN_WORDS.search(str(error)):
        folder = path.parent if path else _fullest_folder()
        return _("The disk of %(folder)s is full. Free some space, then try again.") % {"folder": _shown(folder)}
    if number in CLOSED and path and any(path.is_relative_to(folder) for folder in _folders()):
        sentence = _("The site has no access to %(folder)s. Correct the folder's permissions, then try again.")
        return sentence % {"folder": _shown(path.parent)}
    return ""


def _path(error: BaseException) -> Path | None:
    name = error.filename if isinstance(error, OSError) else None
    return Path(name) if isinstance(name, str) else None


def _folders() -> tuple[Path, ...]:
    """The folders that the site writes to."""
    return (settings.STATE_DIR, settings.JOB_WORK_DIR, settings.VISION_DIR, Path(tempfile.gettempdir()))


def _fullest_folder() -> Path:
    """The folder whose disk has the least room: a failed write does not say where."""
    return min((folder for folder in _folders() if folder.exists()), key=lambda folder: shutil.disk_usage(folder).free)


def _shown(folder: Path) -> Path:
    """The folder as administrators know it, without the server's paths: STATE_DIR/jobs/7."""
    state = settings.STATE_DIR
    return Path("STATE_DIR") / folder.relative_to(state) if folder.is_relative_to(state) else folder
