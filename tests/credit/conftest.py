"""What the tests of the credit application share."""

from tests.credit.jobs.imports import import_folders, work_dir
from tests.credit.portfolios import own_portfolio, portfolio

__all__ = ["import_folders", "own_portfolio", "portfolio", "work_dir"]
