"""What the tests of the credit application share."""

from tests.credit.jobs.imports import import_folders, work_dir
from tests.credit.portfolios import own_portfolio, portfolio
from tests.credit.simulable import material, world

__all__ = ["import_folders", "material", "own_portfolio", "portfolio", "work_dir", "world"]
