"""The files of a Home Credit folder: checked, then opened as typed lazy tables."""

from credit.ml.tables.checks import TableProblem, check_folders
from credit.ml.tables.reading import Tables, open_folders, read_identities

__all__ = ["TableProblem", "Tables", "check_folders", "open_folders", "read_identities"]
