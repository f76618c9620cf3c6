"""Rows of numbers in two files that only grow, one pair per kind of feature; several processes may write."""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

#: An image's sha256 with the number of its augmented view, None for the plain image.
Key: TypeAlias = tuple[str, int | None]
_PLAIN: Final = -1
_ENTRY: Final = np.dtype([("image", "V32"), ("view", "<i8")])


class FeatureStore:
    """Rows of ``dimension`` float32 by key, in a folder named after what ``identity`` says they depend on.

    ``rows`` holds the numbers one after the other and ``index`` their keys in the same order. A key is written after
    its row is on the disk, so that a process killed anywhere leaves at most numbers without a key, which the next
    one overwrites. Of a key written twice by two processes the first row counts.
    """

    def __init__(self, folder: Path, identity: Mapping[str, object], dimension: int) -> None:
        text = json.dumps(identity, sort_keys=True, indent=1)
        self.folder = folder / hashlib.sha256(text.encode()).hexdigest()[:32]
        self.dimension = dimension
        self._rows, self._index = self.folder / "rows", self.folder / "index"
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "about.json").write_text(text)

    def add(self, keys: Sequence[Key], rows: NDArray[np.float32]) -> None:
        """Appends rows, (B, ``dimension``), all or none."""
        entries = np.array([_entry(key) for key in keys], dtype=_ENTRY)
        with self._alone() as count:
            _append(self._rows, count * 4 * self.dimension, np.ascontiguousarray(rows, dtype="<f4").tobytes())
            _append(self._index, count * _ENTRY.itemsize, entries.tobytes())

    def places(self) -> dict[tuple[bytes, int], int]:
        """Where each key's row lies."""
        if not self._index.exists():
            return {}
        entries = np.fromfile(self._index, dtype=_ENTRY).tolist()
        return dict(zip(reversed(entries), range(len(entries) - 1, -1, -1), strict=True))

    def known(self, keys: Sequence[Key]) -> NDArray[np.bool_]:
        """Which keys have a row, (B,)."""
        places = self.places()
        return np.array([_entry(key) in places for key in keys], dtype=bool)

    def read(self, keys: Sequence[Key]) -> NDArray[np.float32]:
        """The rows of these keys, (B, ``dimension``); raises ``KeyError`` for one that is not there."""
        places = self.places()
        wanted = [places[_entry(key)] for key in keys]
        if not wanted:
            return np.empty((0, self.dimension), dtype=np.float32)
        rows = np.memmap(self._rows, dtype="<f4", mode="r", shape=(max(wanted) + 1, self.dimension))
        return np.asarray(rows[wanted], dtype=np.float32)

    @contextmanager
    def _alone(self) -> Iterator[int]:
        """Keeps other processes from writing; gives the number of rows that have a key."""
        with (self.folder / "lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield self._index.stat().st_size // _ENTRY.itemsize if self._index.exists() else 0


def _entry(key: Key) -> tuple[bytes, int]:
    sha256, view = key
    return bytes.fromhex(sha256), _PLAIN if view is None else view


def _append(path: Path, size: int, data: bytes) -> None:
    """Writes at the end of the file's first ``size`` bytes, and waits for the disk."""
    with path.open("ab") as stream:
        stream.truncate(size)
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
