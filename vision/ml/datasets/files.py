"""The files of a folder or of a zip archive, read the same way. Nothing is ever unpacked to the disk."""

import os
import struct
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Final, Protocol, TypeVar
from unicodedata import normalize

from vision.ml.types import BenchmarkError
from vision.ml.wording import gettext_noop as _

Entry = TypeVar("Entry")
MAX_ENTRIES: Final = 100_000
MAX_ENTRY_BYTES: Final = 64 * 2**20
MAX_TOTAL_BYTES: Final = 8 * 2**30
_ENCRYPTED: Final = 0x1
_IS_UTF8: Final = 0x800
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
#: What zipfile raises for hostile or damaged archives.
_DAMAGED: Final = (
    OSError, EOFError, ValueError, RuntimeError, IndexError, struct.error, zipfile.BadZipFile, zlib.error
)  # fmt: skip


class UnreadableFileError(BenchmarkError):
    """One file that is there and cannot be read; the others can."""


def plain_name(name: str) -> str:
    """The name with composed accents, as macOS does not write them, and ``/`` between folders."""
    return normalize("NFC", name).replace("\\", "/")


class Files(Protocol):
    """Files by their relative names, which are plain names and different from each other."""

    def names(self) -> tuple[str, ...]:
        """All names in order; hidden files and what macOS adds to archives are left out."""

    def read(self, name: str) -> bytes:
        """The content. Raises UnreadableFileError; KeyError for a name that is not among the names."""


@dataclass(frozen=True)
class FolderFiles:
    """The files below a folder."""

    folder: Path

    @cached_property
    def _paths(self) -> dict[str, str]:
        paths = (path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*") if path.is_file())
        return _by_plain_name((_decoded(os.fsencode(path)), path) for path in sorted(paths))

    def names(self) -> tuple[str, ...]:
        return tuple(sorted(self._paths))

    def read(self, name: str) -> bytes:
        return read_file(self.folder / self._paths[plain_name(name)])


class ZipFiles:
    """The files of a zip archive. Raises BenchmarkError for one that is broken or would not stay within its limits.

    Sizes are limited as declared, before anything is read, and again as read.
    """

    def __init__(self, archive: Path) -> None:
        try:
            self._archive = zipfile.ZipFile(archive)
        except _DAMAGED as error:
            raise BenchmarkError(
                _("{name} is not a zip archive that can be read: {reason}"), name=archive.name, reason=error
            ) from error
        entries = [entry for entry in self._archive.infolist() if not entry.is_dir()]
        _refuse_bomb(archive.name, entries)
        last = {_zip_name(entry): entry for entry in entries}  # of one name, the last replaces those before
        self._entries = _by_plain_name(last.items())
        self._bytes_left = MAX_TOTAL_BYTES

    def names(self) -> tuple[str, ...]:
        return tuple(sorted(self._entries))

    def read(self, name: str) -> bytes:
        entry = self._entries[plain_name(name)]
        if entry.flag_bits & _ENCRYPTED or entry.compress_type not in _METHODS:
            raise UnreadableFileError("It is encrypted or packed by a method other than deflate.")
        try:
            with self._archive.open(entry) as stream:
                data = stream.read(MAX_ENTRY_BYTES + 1)
        except _DAMAGED as error:
            raise UnreadableFileError(f"Its archive is damaged: {error}") from error
        self._bytes_left -= len(data)
        if len(data) > MAX_ENTRY_BYTES or self._bytes_left < 0:
            raise BenchmarkError(
                _("The archive holds more than it declares ({name}); nothing of it is trusted."), name=name
            )
        return data


def read_file(path: Path) -> bytes:
    """The content of a file. Raises UnreadableFileError; KeyError for a file that is not there."""
    try:
        if path.stat().st_size > MAX_ENTRY_BYTES:
            raise UnreadableFileError(f"It has more than {MAX_ENTRY_BYTES // 2**20} MB.")
        return path.read_bytes()
    except FileNotFoundError as error:
        raise KeyError(path.name) from error
    except OSError as error:
        raise UnreadableFileError(error.strerror or str(error)) from error


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


def _zip_name(entry: zipfile.ZipInfo) -> str:
    """The name of an entry. Many programs write UTF-8 without the flag that says so."""
    if entry.flag_bits & _IS_UTF8:
        return entry.filename
    try:
        return _decoded(entry.filename.encode("cp437"), "cp437")
    except UnicodeEncodeError:  # zipfile took it from an extra field
        return entry.filename


def _decoded(name: bytes, otherwise: str = "cp1252") -> str:
    try:
        return name.decode()
    except UnicodeDecodeError:
        return name.decode(otherwise, errors="replace")


def _by_plain_name(entries: Iterable[tuple[str, Entry]]) -> dict[str, Entry]:
    """The entries that are wanted; of those with the same plain name, the others get a number."""
    named: dict[str, Entry] = {}
    for name, entry in entries:
        if _is_wanted(plain := plain_name(name)):
            number, free = 1, plain
            while free in named:
                number += 1
                free = f"{plain} ({number})"
            named[free] = entry
    return named


def _is_wanted(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return not name.endswith("/") and not any(part.startswith((".", "__MACOSX")) for part in parts)
