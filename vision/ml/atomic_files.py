"""Files that are written whole or not at all, whenever the process or the machine stops."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO


@contextmanager
def atomic_writer(path: Path, *, is_synced: bool = True) -> Iterator[IO[bytes]]:
    """A stream that replaces the file when the block ends, and leaves it unchanged when the block raises.

    Without ``is_synced`` the content may be lost when the machine stops, which is faster for many small files.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as stream:
        try:
            yield stream
            stream.flush()
            if is_synced:
                os.fsync(stream.fileno())
            Path(stream.name).replace(path)
        except BaseException:
            Path(stream.name).unlink(missing_ok=True)
            raise
