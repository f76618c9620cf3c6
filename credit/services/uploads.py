"""New files from a CSV: all of them, or none and a list of the faults, line by line."""

from collections.abc import Iterator, Sequence
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from credit.ml.columns import LARGEST_ID
from credit.ml.inputs import WrongInput
from credit.ml.names import LONGEST_NAME
from credit.ml.uploads import MOST_ROWS, UploadedRow, UploadProblem, read_upload
from credit.models import Client
from credit.services.clients import NewClient, create_clients
from credit.services.inputs import input_sentence
from pretadepenser.core import formats
from pretadepenser.core.delimited import UnreadableText
from pretadepenser.core.errors import ApplicationError
from pretadepenser.core.models import Actor

SHOWN: Final = 50


class RefusedUploadError(ApplicationError):
    """A faulty CSV; ``sentences`` say what is wrong in which line and column."""

    def __init__(self, sentences: Sequence[str], count: int) -> None:
        text = ngettext(
            "Nothing was saved: the file has %(count)s error.",
            "Nothing was saved: the file has %(count)s errors.",
            count,
        )
        super().__init__(text % {"count": formats.amount(count)}, field="file", code="refused_upload")
        self.sentences = tuple(sentences)


def create_from_upload(*, content: bytes, by: Actor) -> list[Client]:
    """The clients of a CSV with the columns of an application table. Raises RefusedUploadError, ApplicationError."""
    upload = read_upload(content)
    problems = [*upload.problems, *_without_amount(upload.rows)]
    if problems:
        raise _refused(sorted(problems, key=lambda problem: problem.line))
    entries = [
        NewClient(
            application=row.application,
            person={"first_name": row.first_name, "last_name": row.last_name},
            number=row.client_id,
            target=row.target,
        )
        for row in upload.rows
    ]
    return create_clients(entries=entries, by=by)


def _without_amount(rows: Sequence[UploadedRow]) -> Iterator[UploadProblem]:
    """Blank or zero amounts; an unreadable amount is listed already and not among the values."""
    for row in rows:
        amount = row.application.get("AMT_CREDIT", 1)
        if isinstance(amount, float) and not amount > 0:
            yield UploadProblem("no_amount", row.line, "AMT_CREDIT")


def problem_sentence(problem: UploadProblem) -> str:
    """Where it is and what is wrong."""
    where = {"line": problem.line, "column": problem.column}
    if not problem.line or problem.code in UnreadableText.CODES:
        return _what(problem)
    if not problem.column:
        return _("Line %(line)d: %(what)s") % {**where, "what": _what(problem)}
    return _("Line %(line)d, column %(column)s: %(what)s") % {**where, "what": _what(problem)}


def _refused(problems: Sequence[UploadProblem]) -> RefusedUploadError:
    return RefusedUploadError([problem_sentence(problem) for problem in problems[:SHOWN]], len(problems))


def _what(problem: UploadProblem) -> str:
    match problem.code:
        case code if code in UnreadableText.CODES:
            reason = UnreadableText(code, problem.line).translated(_)
            return _("The file cannot be read: %(reason)s.") % {"reason": reason}
        case "no_rows":
            return _("The file has no clients: the first line names the columns, each further line is a client.")
        case "too_many_rows":
            words = {"count": formats.amount(MOST_ROWS)}
            return _("More than %(count)s clients: split the file, or ask an administrator to import it.") % words
        case "unknown_column":
            return _("Unknown column. Remove it.")
        case "unnamed_column":
            return _("Column %(number)s has no name. Name it or remove it.") % {"number": problem.value}
        case "double_column":
            return _("This column occurs twice. Keep one.")
        case "no_column":
            return _("This column is missing. Add it; its values may be blank.")
        case "ragged":
            return _("This line has too few or too many values.")
        case "double_id":
            return _("Number %(value)s occurs twice. Keep one line.") % {"value": problem.value}
        case "wrong_id":
            return _("“%(value)s” is not a client number: only digits.") % {"value": problem.value}
        case "large_id":
            largest = {"value": problem.value, "largest": str(LARGEST_ID)}
            return _("“%(value)s” is too long: a client number is at most %(largest)s.") % largest
        case "long_number":
            return _("“%(value)s” is too long for a number.") % {"value": problem.value}
        case "ambiguous_number":
            sentence = _("Does “%(value)s” have decimals or thousands? Write thousands without a separator.")
            return sentence % {"value": problem.value}
        case "wrong_target":
            return _("“%(value)s” is not an outcome: 0, 1 or empty.") % {"value": problem.value}
        case "long_name":
            return _("A name has at most %(count)d characters.") % {"count": LONGEST_NAME}
        case "no_amount":
            return _("Give the amount of the loan: more than zero.")
        case _code:
            return input_sentence(WrongInput(problem.column, problem.code, problem.value))
