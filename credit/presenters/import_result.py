"""What an import read and did, in lines for its page and for a terminal."""

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _

from credit.ml.tables import TableProblem
from credit.presenters.table_problems import problem_sentence
from pretadepenser.core import formats


def import_lines(result: Mapping[str, object]) -> Iterator[str]:
    """One fact a line: clients, features, scores that no longer hold, rows and histories of each table, notes."""
    yield _("Clients: %(clients_new)d new, %(clients_updated)d updated, %(clients_unchanged)d unchanged") % result
    yield _("Applications with a known outcome: %(clients_with_outcome)d") % result
    yield _("Features: %(features)d of each client, %(features_new)d rows new, %(features_updated)d updated") % result
    if result["scores_removed"]:
        yield _("Scores removed because their clients changed: %(scores_removed)d") % result
    rows, histories, notes = result["rows"], result.get("histories", {}), result.get("notes", [])
    if isinstance(rows, Mapping) and isinstance(histories, Mapping):
        yield _("Rows read: %(rows)s") % {"rows": ", ".join(f"{table} {count}" for table, count in rows.items())}
        shares = ", ".join(f"{table} {formats.percent(share, 1)}" for table, share in histories.items())
        yield _("Clients with a history: %(shares)s") % {"shares": shares}
    if isinstance(notes, list):
        yield from (problem_sentence(TableProblem(**note)) for note in notes)
