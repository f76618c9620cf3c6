"""What an import has to say about a file, as codes that Django turns into sentences."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TableProblem:
    """One finding: a code, the place as far as known, the offending ``value``, how many there are, what is allowed.

    Codes that refuse an import: not_text, damaged_utf8, broken_quotes, missing_table, empty_table, unreadable,
    missing_column, unknown_column, wrong_type, out_of_range, ambiguous_number, unknown_category, duplicate_id,
    text_too_long.

    Codes that its report only notes: absent_table, no_rows, other_file, encoding, unnamed_column, respelled,
    repeated_rows, conflicting_rows, empty_columns, constant_columns, repeated_names, unused_names, merged_agency.
    """

    code: str
    table: str
    column: str | None = None
    value: str = ""
    line: int | None = None
    count: int = 0
    allowed: tuple[float, float] | None = None
