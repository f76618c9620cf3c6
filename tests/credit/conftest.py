"""What the tests of the credit application share."""

from tests.credit.portfolios import own_portfolio, portfolio

__all__ = ["own_portfolio", "portfolio"]
