"""The bytes of a CSV file before parsing: encoding, header, commas."""

import codecs
import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

_CHUNK: Final = 1 << 22
_COMMA: Final = ord(",")


@dataclass(frozen=True, slots=True)
class ByteCounts:
    """The result of a pass over the bytes; ``encoding_fault`` is empty for valid UTF-8 without BOM."""

    encoding_fault: str
    header: tuple[str, ...]
    commas: int


def count_bytes(path: Path) -> ByteCounts:
    """One pass over the file, at several gigabytes per second; stops at the first byte that is not text."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    commas = position = 0
    with path.open("rb") as stream:
        first_line = stream.readline()
        stream.seek(0)
        if first_line.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return ByteCounts("BOM", (), 0)
        while chunk := stream.read(_CHUNK):
            fault = _encoding_fault(chunk, position, decoder)
            if fault:
                return ByteCounts(fault, (), commas)
            commas += int(np.count_nonzero(np.frombuffer(chunk, np.uint8) == _COMMA))
            position += len(chunk)
    if decoder.getstate()[0]:
        return ByteCounts(f"byte {position - 1}", (), commas)
    header = next(csv.reader([first_line.decode("utf-8").rstrip("\r\n")]), [])
    return ByteCounts("", tuple(header), commas)


def _encoding_fault(chunk: bytes, position: int, decoder: codecs.IncrementalDecoder) -> str:
    if (offset := chunk.find(0)) >= 0:
        return f"NUL (byte {position + offset})"
    pending = decoder.getstate()[0]
    if chunk.isascii() and not pending:
        return ""
    try:
        decoder.decode(chunk)
    except UnicodeDecodeError as error:
        return f"byte {position - len(pending) + error.start}"
    return ""


def first_ragged_line(path: Path, width: int) -> int | None:
    """The number of the first line without exactly ``width`` fields, or None."""
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.reader(stream, strict=True)
        try:
            return next((reader.line_num for fields in reader if len(fields) != width), None)
        except csv.Error:
            return reader.line_num
