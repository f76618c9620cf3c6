"""What an import has to say of its files, as sentences that say where and what to do."""

from collections.abc import Sequence
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from credit.ml.names import LONGEST_NAME
from credit.ml.tables import TableProblem
from pretadepenser.core import formats
from pretadepenser.core.delimited import UnreadableText

SHOWN: Final = 20
_SENTENCES: Final = {
    "missing_table": gettext_lazy("%(file)s is missing: put it into the folder under this name."),
    "empty_table": gettext_lazy("%(file)s holds no rows: export it again."),
    "unreadable": gettext_lazy("%(file)s, line %(line)s: it does not have as many cells as the first line."),
    "missing_column": gettext_lazy("%(file)s: the column %(column)s is missing. Add it; its values may be blank."),
    "unknown_column": gettext_lazy("%(file)s: the column %(column)s is not known or comes twice. Remove it."),
    "wrong_type": gettext_lazy(
        "%(file)s, line %(line)s, column %(column)s: “%(value)s” is not a number that this column can hold. Correct it."
    ),
    "out_of_range": gettext_lazy(
        "%(file)s, line %(line)s, column %(column)s: “%(value)s” must be between %(low)s and %(high)s. Correct it."
    ),
    "ambiguous_number": gettext_lazy(
        "%(file)s, line %(line)s, column %(column)s: “%(value)s” may have a thousands separator or three decimals."
        " Write it without separators of thousands, everywhere in the column."
    ),
    "unknown_category": gettext_lazy(
        "%(file)s, line %(line)s, column %(column)s: “%(value)s” is not one of the known categories."
        " Correct it or leave it blank."
    ),
    "duplicate_id": gettext_lazy(
        "%(file)s: clients who are there more than once: %(value)s. Keep one row of each in all files."
    ),
    "text_too_long": gettext_lazy(
        "%(file)s, column %(column)s: “%(value)s” has more than %(longest)s characters. Shorten it."
    ),
    # Notes of the report.
    "absent_table": gettext_lazy("%(file)s is not in the folder: the features of this table are blank."),
    "no_rows": gettext_lazy("%(file)s has a header and no rows."),
    "other_file": gettext_lazy("%(table)s is not one of the tables and was not read."),
    "encoding": gettext_lazy("%(file)s was read as %(value)s."),
    "unnamed_column": gettext_lazy("%(file)s: column %(count)s has no name and was left out."),
    "respelled": gettext_lazy(
        "%(file)s, column %(column)s: %(value)s were read as the known categories that differ in case or spaces alone."
    ),
    "repeated_rows": gettext_lazy(
        "%(file)s: rows that repeat others (same %(column)s) and were counted once: %(count)s."
    ),
    "conflicting_rows": gettext_lazy(
        "%(file)s: repeated rows with other values (same %(column)s): %(count)s. The first of each was kept."
    ),
    "empty_columns": gettext_lazy("%(file)s: columns without a value: %(value)s."),
    "constant_columns": gettext_lazy("%(file)s: columns with the same value in every row: %(value)s."),
    "repeated_names": gettext_lazy(
        "%(file)s: rows that repeat a client (%(value)s): %(count)s. The first of each was kept."
    ),
    "merged_agency": gettext_lazy("%(file)s: agencies that differ in case or spaces alone are one: %(value)s."),
}


def problem_sentences(problems: Sequence[TableProblem]) -> str:
    """One line per problem, at most SHOWN of them, then how many there are besides."""
    lines = [problem_sentence(problem) for problem in problems[:SHOWN]]
    if (more := len(problems) - SHOWN) > 0:
        lines.append(ngettext("… and %(count)d more.", "… and %(count)d more.", more) % {"count": more})
    return "\n".join(lines)


def problem_sentence(problem: TableProblem) -> str:
    """Names the file, the column, the line and the value as far as they are known, and what to do."""
    if problem.code in UnreadableText.CODES:
        reason = UnreadableText(problem.code, problem.line or 0).translated(_)
        return _("%(file)s: %(reason)s.") % {"file": f"{problem.table}.csv", "reason": reason}
    if problem.code == "unused_names":
        sentence = ngettext(
            "%(count)d name belongs to no application and was left out.",
            "%(count)d names belong to no application and were left out.",
            problem.count,
        )
        return sentence % {"count": problem.count}
    low, high = problem.allowed or (0, 0)
    facts = {
        "table": problem.table,
        "file": f"{problem.table}.csv",
        "column": problem.column or "",
        "value": problem.value,
        "line": "?" if problem.line is None else problem.line,
        "count": formats.amount(problem.count),
        "low": formats.decimal(low, 0),
        "high": formats.decimal(high, 0),
        "longest": LONGEST_NAME,
    }
    return str(_SENTENCES[problem.code]) % facts
