"""Rows of numbers in append-only files, which several processes may write."""

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

#: An image's sha256 and the number of its augmented view, None for the original image.
Key: TypeAlias = tuple[str, int | None]
_ORIGINAL: Final = -1
_ENTRY: Final = np.dtype([("image", "V32"), ("view", "<i8")])


class FeatureStore:
    """Rows of ``dimension`` float32 by key, in a folder named by the hash of ``identity``, on which they depend.

    The file ``rows`` holds the numbers, ``index`` their keys in the same order. A key is written once its row is on the
    disk, so that a killed process leaves at most rows without keys, which the next writer overwrites. If two processes
    write the same key, the first row counts.
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
        with self._lock() as count:
            _append(self._rows, count * 4 * self.dimension, np.ascontiguousarray(rows, dtype="<f4").tobytes())
            _append(self._index, count * _ENTRY.itemsize, entries.tobytes())

    def row_numbers(self) -> dict[tuple[bytes, int], int]:
        """The row number of each key."""
        if not self._index.exists():
            return {}
        entries = np.fromfile(self._index, dtype=_ENTRY).tolist()
        return dict(zip(reversed(entries), range(len(entries) - 1, -1, -1), strict=True))

    def known(self, keys: Sequence[Key]) -> NDArray[np.bool_]:
        """Which keys have a row, (B,)."""
        row_numbers = self.row_numbers()
        return np.array([_entry(key) in row_numbers for key in keys], dtype=bool)

    def read(self, keys: Sequence[Key]) -> NDArray[np.float32]:
        """The rows of these keys, (B, ``dimension``). Raises ``KeyError`` for an unknown one."""
        row_numbers = self.row_numbers()
        numbers = [row_numbers[_entry(key)] for key in keys]
        if not numbers:
            return np.empty((0, self.dimension), dtype=np.float32)
        rows = np.memmap(self._rows, dtype="<f4", mode="r", shape=(max(numbers) + 1, self.dimension))
        return np.asarray(rows[numbers], dtype=np.float32)

    @contextmanager
    def _lock(self) -> Iterator[int]:
        """Excludes other writers within the block, which gets the number of rows with a key."""
        with (self.folder / "lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield self._index.stat().st_size // _ENTRY.itemsize if self._index.exists() else 0


def _entry(key: Key) -> tuple[bytes, int]:
    sha256, view = key
    return bytes.fromhex(sha256), _ORIGINAL if view is None else view


def _append(path: Path, size: int, data: bytes) -> None:
    """Truncates the file to ``size`` bytes, appends the data and waits for the disk."""
    with path.open("ab") as stream:
        stream.truncate(size)
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
