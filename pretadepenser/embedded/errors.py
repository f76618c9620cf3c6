"""Errors of the embedded servers."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

UNUSABLE: Final = frozenset(
    {
        *(errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM),
        *(errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.EIO, errno.ELOOP, errno.ENAMETOOLONG),
    }
)


class EmbeddedError(Exception):
    """A sentence for the terminal: what failed, what to do, where the log is."""


@contextmanager
def own_files(state: Path) -> Iterator[None]:
    """Raises EmbeddedError for files of the state folder that are not usable: a full or read-only disk, a file's name
    that a folder has, …"""
    try:
        yield
    except OSError as error:
        if error.errno not in UNUSABLE:
            raise
        raise EmbeddedError(
            f"The site cannot use {error.filename or state} ({error.strerror}): correct this, or set STATE_DIR to a "
            "folder that you may write to."
        ) from error
