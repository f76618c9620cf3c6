"""Arrays in files, written through memory."""

import os
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

MappedFile: TypeAlias = np.memmap[tuple[int, ...], np.dtype[Any]]


def new_mapped_file(path: Path, kind: type[np.generic], shape: tuple[int, ...]) -> MappedFile:
    """A new ``.npy`` file of zeros. Raises OSError on a full disk.

    Its blocks are allocated at once: a write to memory that finds no room for its block would kill the process.
    """
    array = np.lib.format.open_memmap(path, mode="w+", dtype=kind, shape=shape)
    if hasattr(os, "posix_fallocate"):  # not on macOS
        with path.open("r+b") as file:
            os.posix_fallocate(file.fileno(), 0, path.stat().st_size)
    return array
