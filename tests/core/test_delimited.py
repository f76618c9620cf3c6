"""Delimited text reads the same however it is written, and what is not text is refused with its line."""

from io import BytesIO

import pytest

from pretadepenser.core.delimited import UnreadableText, layout_of, plain_number, rows, whole_number

ROWS = [("1", 'Zoé; "Z"', "2,5"), ("2", "two\nlines", ""), ("3", "É’", "4")]


def written(separator: str, line_end: str) -> str:
    lines = [separator.join(["id", '"a name"', "x"])]
    for first, name, last in ROWS:
        quoted = name.replace('"', '""').replace("\n", line_end)
        lines.append(separator.join([first, f'"{quoted}"', f'"{last}"']))
        lines.append("")
    return line_end.join([*lines, separator * 2, ""])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_every_dialect_gives_the_same_rows(encoding: str, separator: str, line_end: str) -> None:
    stream = BytesIO(written(separator, line_end).encode(encoding))
    layout = layout_of(stream)
    assert layout.header == ("id", "a name", "x")
    found = list(rows(stream, layout))
    assert [tuple(cells) for _, cells in found] == [(a, b.replace("\n", line_end), c) for a, b, c in ROWS]
    assert [line for line, _ in found] == [2, 4, 7]
    assert layout.has_decimal_comma is (separator != ",")


@pytest.mark.parametrize(
    ("content", "code", "line"),
    [
        (b"PK\x03\x04\0", "not_text", 1),
        (b"a,b\n1,\0\n", "not_text", 2),
        ("a,b\n1,\0\n".encode("utf-16"), "not_text", 2),
        ("é,b\n1,é\n".encode() + b"2,\xe9\n", "damaged_utf8", 3),
        (b"\xef\xbb\xbfa,b\n1,\xe9\n", "damaged_utf8", 2),
        (b"a,b\n1,\x81\n", "not_text", 0),
        (b'a,b\n1,2\n3,"x\n4,5\n', "broken_quotes", 3),
        (b'a,b\n1,"x"y\n', "broken_quotes", 2),
    ],
)
def test_what_is_not_delimited_text_is_refused(content: bytes, code: str, line: int) -> None:
    stream = BytesIO(content)
    with pytest.raises(UnreadableText) as refused:
        list(rows(stream, layout_of(stream)))
    assert (refused.value.code, refused.value.line) == (code, line)


@pytest.mark.parametrize(
    ("content", "header_line", "line"),
    [(b"sep=;\na;b\n1;2\n", 2, 3), (b"\r\n\r\na;b\r\n1;2\r\n", 3, 4), ("a;b\n1;2".encode("utf-16"), 1, 2)],
)
def test_lines_before_the_header_do_not_count(content: bytes, header_line: int, line: int) -> None:
    stream = BytesIO(content)
    layout = layout_of(stream)
    assert (layout.header, layout.header_line) == (("a", "b"), header_line)
    assert list(rows(stream, layout)) == [(line, ["1", "2"])]


def test_columns_without_a_name_are_listed() -> None:
    assert layout_of(BytesIO(b",a,Unnamed: 0.1,b,\n")).unnamed_columns() == (1, 3, 5)


@pytest.mark.parametrize(
    ("text", "comma", "semicolon"),
    [
        (" 1.5 ", "1.5", "1.5"),
        ("1,5", "1,5", "1.5"),
        ("1 234\u202f567,5", "1234567,5", "1234567.5"),
        ("1 2", "1 2", "1 2"),
    ],
)
def test_a_number_is_written_as_python_reads_it(text: str, comma: str, semicolon: str) -> None:
    for header, expected in ((b"a,b\n", comma), (b"a;b\n", semicolon)):
        assert plain_number(text, layout_of(BytesIO(header))) == expected


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *(("7", 7), (" 007 ", 7), ("7.0", 7), ("7,00", 7), ("7.000000", 7), ("9" * 16, 10**16 - 1)),
        *((text, None) for text in ("7.000", "7.5", "-7", "9" * 17, "9" * 5000, "", "٣")),
    ],
)
def test_an_identifier_is_read_exactly_or_not_at_all(text: str, number: int | None) -> None:
    assert whole_number(text) == number
