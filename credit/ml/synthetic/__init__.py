"""Demo data: fictitious clients in Kaggle's seven tables, with a causal structure and no row of the real data."""

from credit.ml.synthetic.generation import generate

__all__ = ["generate"]
