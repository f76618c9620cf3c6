"""Delimited text as people have it, read in one way: encodings, separators, line ends, quotes, blank lines, numbers.

UTF-8, UTF-16 or UTF-32, with or without a byte order mark, else Windows-1252; cells separated by commas, semicolons,
tabs or bars; lines that end in LF, CRLF or CR. Where the separator is not a comma, a comma is a decimal sign. Lines
whose cells are all blank do not count. Uses neither Django nor data frames.
"""

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import BinaryIO, Final

_ = str  # marks a text for translation

_CHUNK: Final = 1 << 22
_HEAD: Final = 1 << 20
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins with the mark of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SEPARATORS: Final = (",", ";", "\t", "|")
#: A first line of Excel's that only names the separator.
_SEPARATOR_LINE: Final = re.compile(r'\ufeff?"?sep=(.)"?(?:\r\n|\r|\n)', re.IGNORECASE)
_LINE_END: Final = re.compile(r"\r\n|\n|\r")
_QUOTED: Final = re.compile(r'"[^"]*"')
#: Digits in groups of three, as a spreadsheet shows them: 1 234 567,5.
GROUPED_DIGITS: Final = r"^[+-]?[0-9]{1,3}(?:[ \u00a0\u202f][0-9]{3})+(?:[.,][0-9]*)?$"
GROUP_SPACES: Final = r"[ \u00a0\u202f]"
#: 100.000 is a hundred to some, and a hundred thousand to others.
AMBIGUOUS_NUMBER: Final = r"^[+-]?[1-9][0-9]{0,2}(?:[.,][0-9]{3})+$"
#: What follows a whole number that pandas or a spreadsheet writes as 7.0; three zeros could be thousands.
NO_DECIMALS: Final = r"(?:0{0,2}|0{4,})"
_WHOLE_NUMBER: Final = re.compile(rf"\+?0*([0-9]{{1,16}})(?:[.,]{NO_DECIMALS})?")
_REASONS: Final = {
    "not_text": _("it is not a text file: save the table as CSV"),
    "damaged_utf8": _("line {line} is not valid UTF-8 although other lines are: export the file again"),
    "broken_quotes": _("the cells of line {line} cannot be separated: check its quotation marks"),
}


class UnreadableText(ValueError):  # noqa: N818 - the name says what happened
    """Bytes that are not delimited text; ``line`` is 0 where none can be named."""

    CODES: Final = tuple(_REASONS)

    def __init__(self, code: str, line: int = 0) -> None:
        super().__init__(code, line)
        self.code = code
        self.line = line

    def __str__(self) -> str:
        return self.translated(str)

    def translated(self, translate: Callable[[str], str]) -> str:
        """Why it cannot be read, without a full stop."""
        return translate(_REASONS[self.code]).format(line=self.line)


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file is written. ``separators`` counts those of a file in UTF-8, quoted ones included; else it is 0."""

    encoding: str
    separator: str
    line_end: str  # "\n" stands for "\r\n" too
    header: tuple[str, ...]  # trimmed; empty for a file without a line
    header_line: int  # from 1
    separators: int

    @property
    def is_utf8(self) -> bool:
        return self.encoding.startswith("utf-8")

    @property
    def has_decimal_comma(self) -> bool:
        return self.separator != ","

    def unnamed_columns(self) -> tuple[int, ...]:
        """The positions, from 1, of columns without a name: pandas writes its index as one."""
        return tuple(n for n, name in enumerate(self.header, start=1) if not name or name.startswith("Unnamed: "))


def layout_of(stream: BinaryIO) -> Layout:
    """How the file is written, from its head; all its bytes are checked once. Raises UnreadableText.

    The stream is read from its start.
    """
    stream.seek(0)
    head = stream.read(_HEAD)
    encoding = _marked_encoding(head)
    text = head.decode(encoding or "utf-8", "replace").removeprefix("\ufeff")
    named = _SEPARATOR_LINE.match(text)
    body = text[named.end() if named else 0 :]
    content = body.lstrip("\r\n")
    blank_lines = len(_LINE_END.findall(body[: len(body) - len(content)]))
    unquoted = _QUOTED.sub("", content)
    line_end = match[0] if (match := _LINE_END.search(unquoted)) else "\n"
    first_line = unquoted.partition(line_end)[0]
    separator = named[1] if named else max(_SEPARATORS, key=first_line.count)
    separators = 0
    if encoding in ("", "utf-8-sig"):
        encoding, separators = _checked_encoding(stream, encoding, separator)
        content = head.decode(encoding, "replace")[len(text) - len(content) :]
    return Layout(
        encoding=encoding,
        separator=separator,
        line_end="\r" if line_end == "\r" else "\n",
        header=_header(content, separator),
        header_line=1 + bool(named) + blank_lines,
        separators=separators,
    )


def rows(stream: BinaryIO, layout: Layout) -> Iterator[tuple[int, list[str]]]:
    """The line and the cells of every row below the header that is not blank, read from the start of the stream.

    Raises UnreadableText.
    """
    for line, cells in records(stream, layout):
        if line > layout.header_line and any(cell.strip() for cell in cells):
            yield line, cells


def records(stream: BinaryIO, layout: Layout) -> Iterator[tuple[int, list[str]]]:
    """Every record, blank ones and the header too, with the line on which it begins. Raises UnreadableText."""
    stream.seek(0)
    text = io.TextIOWrapper(stream, layout.encoding, newline="")
    reader = csv.reader(text, delimiter=layout.separator, strict=True)
    line = 1
    try:
        for cells in reader:
            if "\0" in "".join(cells):
                raise UnreadableText("not_text", line)
            yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise UnreadableText("broken_quotes", line) from error
    except UnicodeError as error:
        raise UnreadableText("not_text", line) from error
    finally:
        text.detach()


def copy_as_utf8(source: Path, layout: Layout, target: Path) -> None:
    """Writes the text of ``source`` in UTF-8, line by line the same; raises UnreadableText."""
    try:
        with (
            source.open(encoding=layout.encoding, newline="") as reader,
            target.open("w", encoding="utf-8", newline="") as writer,
        ):
            while text := reader.read(_CHUNK):
                if "\0" in text:
                    raise UnreadableText("not_text")
                writer.write(text)
    except UnicodeError as error:
        raise UnreadableText("not_text") from error


def plain_number(text: str, layout: Layout) -> str:
    """The text of a cell as ``float`` reads it: without spaces around it or between groups, with a decimal point."""
    text = text.strip()
    if re.match(GROUPED_DIGITS, text):
        text = re.sub(GROUP_SPACES, "", text)
    return text.replace(",", ".") if layout.has_decimal_comma else text


def whole_number(text: str) -> int | None:
    """The identifier that a cell holds, exactly: 7, 007, or 7.0 as pandas writes a column with blanks."""
    match = _WHOLE_NUMBER.fullmatch(text.strip())
    return int(match[1]) if match else None


def _marked_encoding(head: bytes) -> str:
    """The encoding that a mark, or the zeros between ASCII characters, give away; else an empty text."""
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if max(even, odd) * 4 > len(head) and min(even, odd) * 8 < max(even, odd):
        return "utf-16-le" if odd > even else "utf-16-be"
    return ""


def _checked_encoding(stream: BinaryIO, marked: str, separator: str) -> tuple[str, int]:
    """The encoding of text without zeros, and how often its separator occurs."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    byte, separators, line = separator.encode(), 0, 1
    try:
        for chunk in chain(_chunks(stream), [b""]):
            if 0 in chunk:
                raise UnreadableText("not_text", line + chunk[: chunk.index(0)].count(b"\n"))
            separators += chunk.count(byte)
            if not chunk.isascii() or decoder.getstate()[0] or not chunk:
                decoder.decode(chunk, final=not chunk)
            line += chunk.count(b"\n")
    except UnicodeDecodeError as error:
        line += chunk[: error.start].count(b"\n")
        if marked or not _is_rarely_utf8(stream):
            raise UnreadableText("damaged_utf8", line) from error
        return "cp1252", 0
    return marked or "utf-8", separators


def _is_rarely_utf8(stream: BinaryIO) -> bool:
    """Whether text that is not UTF-8 has no more valid sequences than broken ones; raises UnreadableText."""
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    broken = valid = 0
    for chunk in chain(_chunks(stream), [b""]):
        if 0 in chunk:
            raise UnreadableText("not_text")
        try:
            chunk.decode("cp1252")
        except UnicodeDecodeError as error:
            raise UnreadableText("not_text") from error
        characters = [character for character in decoder.decode(chunk, final=not chunk) if not character.isascii()]
        escaped = sum("\udc80" <= character <= "\udcff" for character in characters)
        broken += escaped
        valid += len(characters) - escaped
    return broken >= valid


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    stream.seek(0)
    while chunk := stream.read(_CHUNK):
        yield chunk


def _header(content: str, separator: str) -> tuple[str, ...]:
    try:
        cells = next(csv.reader(io.StringIO(content, newline=""), delimiter=separator, strict=True), [])
    except csv.Error as error:
        raise UnreadableText("broken_quotes", 1) from error
    return tuple(" ".join(cell.split()) for cell in cells)
