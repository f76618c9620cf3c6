"""What an import did, in lines for a terminal."""

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _


def import_lines(result: Mapping[str, object]) -> Iterator[str]:
    """One fact a line: clients, features, scores that no longer hold, rows of each table, warnings."""
    yield _("Clients: %(clients_new)d new, %(clients_updated)d updated, %(clients_unchanged)d unchanged") % result
    yield _("Applications with a known outcome: %(clients_with_outcome)d") % result
    yield _("Features: %(features)d of each client, %(features_new)d rows new, %(features_updated)d updated") % result
    if result["scores_removed"]:
        yield _("Scores removed because their clients changed: %(scores_removed)d") % result
    rows = result["rows"]
    if isinstance(rows, Mapping):
        yield _("Rows read: %(rows)s") % {"rows": ", ".join(f"{table} {count}" for table, count in rows.items())}
    warnings = result["warnings"]
    if isinstance(warnings, list):
        yield from warnings
