"""Fictitious clients in Kaggle's seven tables, with a causal structure and without a row of the real data."""

from demo.home_credit.generation import generate

__all__ = ["generate"]
