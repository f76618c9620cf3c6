"""What is wrong with imported files, as sentences that say where and what to do."""

from collections.abc import Sequence
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from credit.ml.names import LONGEST_NAME
from credit.ml.tables import TableProblem

SHOWN: Final = 20


def problem_sentences(problems: Sequence[TableProblem]) -> str:
    """One line per problem, at most SHOWN of them, then how many there are besides."""
    lines = [problem_sentence(problem) for problem in problems[:SHOWN]]
    if (more := len(problems) - SHOWN) > 0:
        lines.append(ngettext("… and %(count)d more.", "… and %(count)d more.", more) % {"count": more})
    return "\n".join(lines)


def problem_sentence(problem: TableProblem) -> str:
    """Names the file, the column, the line and the value as far as they are known, and what to do."""
    facts = {
        "file": f"{problem.table}.csv",
        "column": problem.column or "",
        "value": problem.value,
        "line": "?" if problem.line is None else problem.line,
        "longest": LONGEST_NAME,
    }
    return _template(problem) % facts


def _template(problem: TableProblem) -> str:
    match problem.code:
        case "missing_table":
            return _("%(file)s is missing: put it into the folder under this name.")
        case "empty_table":
            return _("%(file)s holds no rows: export it again.")
        case "unreadable_encoding":
            return _("%(file)s is not plain UTF-8 text (%(value)s): save it as UTF-8 without a byte order mark.")
        case "unreadable":
            return _(
                "%(file)s, line %(line)s: it cannot be split into columns. Separate the columns with commas,"
                " as many in each line as in the first."
            )
        case "missing_column":
            return _("%(file)s: the column %(column)s is missing. Add it; its values may be blank.")
        case "unknown_column":
            return _("%(file)s: the column %(column)s is not known or comes twice. Remove it.")
        case "wrong_type":
            return _(
                "%(file)s, line %(line)s, column %(column)s: “%(value)s” is not a number that can stand here."
                " Correct it."
            )
        case "unknown_category":
            return _(
                "%(file)s, line %(line)s, column %(column)s: “%(value)s” is not one of the known categories."
                " Correct it or leave it blank."
            )
        case "duplicate_id":
            return _("%(file)s: clients who are there more than once: %(value)s. Keep one row of each in all files.")
        case "text_too_long":
            return _("%(file)s, column %(column)s: “%(value)s” has more than %(longest)s characters. Shorten it.")
        case code:
            raise ValueError(f"No sentence for the problem {code!r}")
