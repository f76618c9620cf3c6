"""The demo's product images: seven categories, drawn by a program, with titles."""

from demo.products.generation import generate

__all__ = ["generate"]
