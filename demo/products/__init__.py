"""The demo's pictures: products of seven categories, drawn by a program, with titles; no picture of a real shop."""

from demo.products.generation import generate

__all__ = ["generate"]
