"""The files of a folder or of a zip archive, read the same way. Nothing is ever unpacked to the disk."""

import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final, Protocol

from vision.ml.types import BenchmarkError
from vision.ml.wording import gettext_noop as _

MAX_ENTRIES: Final = 100_000
MAX_ENTRY_BYTES: Final = 64 * 2**20
MAX_TOTAL_BYTES: Final = 8 * 2**30
_ENCRYPTED: Final = 0x1
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class UnreadableFileError(BenchmarkError):
    """One file that is there and cannot be read; the others can."""


class Files(Protocol):
    """Files by their relative names, with ``/`` between folders."""

    def names(self) -> tuple[str, ...]:
        """All names in order; hidden files and what macOS adds to archives are left out."""

    def read(self, name: str) -> bytes:
        """The content. Raises UnreadableFileError; KeyError for a name that is not among the names."""


@dataclass(frozen=True)
class FolderFiles:
    """The files below a folder."""

    folder: Path

    def names(self) -> tuple[str, ...]:
        found = (path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*") if path.is_file())
        return tuple(sorted(name for name in found if _is_wanted(name)))

    def read(self, name: str) -> bytes:
        path = self.folder / name
        try:
            if path.stat().st_size > MAX_ENTRY_BYTES:
                raise UnreadableFileError(f"It has more than {MAX_ENTRY_BYTES // 2**20} MB.")
            return path.read_bytes()
        except FileNotFoundError as error:
            raise KeyError(name) from error
        except OSError as error:
            raise UnreadableFileError(error.strerror or str(error)) from error


class ZipFiles:
    """The files of a zip archive. Raises BenchmarkError for one that is broken or would not stay within its limits.

    Sizes are limited as declared, before anything is read, and again as read.
    """

    def __init__(self, archive: Path) -> None:
        try:
            self._archive = zipfile.ZipFile(archive)
        except (OSError, zipfile.BadZipFile) as error:
            raise BenchmarkError(
                _("{name} is not a zip archive that can be read: {reason}"), name=archive.name, reason=error
            ) from error
        entries = [entry for entry in self._archive.infolist() if not entry.is_dir()]
        _refuse_bomb(archive.name, entries)
        self._entries = {entry.filename: entry for entry in entries if _is_wanted(entry.filename)}
        self._bytes_left = MAX_TOTAL_BYTES

    def names(self) -> tuple[str, ...]:
        return tuple(sorted(self._entries))

    def read(self, name: str) -> bytes:
        entry = self._entries[name]
        if entry.flag_bits & _ENCRYPTED or entry.compress_type not in _METHODS:
            raise UnreadableFileError("It is encrypted or packed by a method other than deflate.")
        try:
            with self._archive.open(entry) as stream:
                data = stream.read(MAX_ENTRY_BYTES + 1)
        except (OSError, EOFError, zipfile.BadZipFile, zlib.error) as error:
            raise UnreadableFileError(f"Its archive is damaged: {error}") from error
        self._bytes_left -= len(data)
        if len(data) > MAX_ENTRY_BYTES or self._bytes_left < 0:
            raise BenchmarkError(
                _("The archive holds more than it declares ({name}); nothing of it is trusted."), name=name
            )
        return data


def open_files(source: Path) -> Files:
    """The files of a folder or zip archive."""
    if source.is_dir():
        return FolderFiles(source)
    if not source.exists():
        raise BenchmarkError(_("{source} does not exist."), source=source)
    return ZipFiles(source)


def _refuse_bomb(name: str, entries: list[zipfile.ZipInfo]) -> None:
    """Looks at what the archive's directory declares."""
    if len(entries) > MAX_ENTRIES:
        raise BenchmarkError(
            _("{name} has {count} files; at most {most} are read."), name=name, count=len(entries), most=MAX_ENTRIES
        )
    total = sum(entry.file_size for entry in entries)
    if total > MAX_TOTAL_BYTES or any(entry.file_size > MAX_ENTRY_BYTES for entry in entries):
        raise BenchmarkError(
            _("{name} unpacks to {size:.1f} GB; at most {most} GB are read, and {most_of_one} MB of one file."),
            name=name,
            size=total / 2**30,
            most=MAX_TOTAL_BYTES // 2**30,
            most_of_one=MAX_ENTRY_BYTES // 2**20,
        )


def _is_wanted(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return not any(part.startswith((".", "__MACOSX")) for part in parts)
