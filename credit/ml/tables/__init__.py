"""The files of Home Credit folders: inspected, then opened as typed lazy tables."""

from credit.ml.tables.checks import Inspection, inspect_folders
from credit.ml.tables.problems import TableProblem
from credit.ml.tables.reading import Tables, open_tables, read_identities

__all__ = ["Inspection", "TableProblem", "Tables", "inspect_folders", "open_tables", "read_identities"]
