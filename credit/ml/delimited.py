"""Delimited text as spreadsheets write it: its encoding and its separator."""


def decode(content: bytes) -> str:
    """UTF-8, with or without a byte order mark, else Windows-1252; raises UnicodeDecodeError."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252")


def separator_of(header: str) -> str:
    """A semicolon where the header has more of these than commas, else a comma."""
    return ";" if header.count(";") > header.count(",") else ","
