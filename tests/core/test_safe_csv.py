import csv
import io

import pytest

from pretadepenser.core.safe_csv import csv_lines, safe_cell


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_that_would_be_a_formula_is_text(start: str) -> None:
    assert safe_cell(f"{start}cmd|' /C calc'!A0") == f"'{start}cmd|' /C calc'!A0"


@pytest.mark.parametrize("value", ["Léa", "a=b", "", None, -3, -0.5])
def test_numbers_and_ordinary_text_stay_as_they_are(value: object) -> None:
    assert safe_cell(value) == value


def test_a_file_starts_with_its_mark_and_reads_back() -> None:
    lines = list(csv_lines(["name", "note"], [['Zoë; "x"', "two\nlines"], ["=1+1", None]]))
    assert lines[0] == "\ufeffname,note\r\n"
    rows = list(csv.reader(io.StringIO("".join(lines).removeprefix("\ufeff"), newline="")))
    assert rows[1:] == [['Zoë; "x"', "two\nlines"], ["'=1+1", ""]]
