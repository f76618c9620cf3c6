"""``python -m tests.architecture.sample --seed 7`` prints docstrings and screen texts drawn at random."""

import argparse
import ast
import random
from collections.abc import Iterator
from pathlib import Path

from babel.messages.pofile import read_po

from tests.architecture.measure import product_modules

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "locale/fr/LC_MESSAGES/django.po"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--count", type=int, default=40)
    options = parser.parse_args()
    draw = random.Random(options.seed)
    for place, docstring in draw.sample(sorted(docstrings()), options.count):
        print(f"{place}\n    {' '.join(docstring.split())}")
    for english, french in draw.sample(sorted(screen_texts()), options.count):
        print(f"{english}\n    {french}")


def docstrings() -> Iterator[tuple[str, str]]:
    """The place and the text of every docstring of the product."""
    for path in product_modules(ROOT):
        tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                docstring = ast.get_docstring(node)
                if docstring:
                    yield f"{path}:{getattr(node, 'name', '')}".rstrip(":"), docstring


def screen_texts() -> Iterator[tuple[str, str]]:
    """Each English text with its French one; of plurals the last form."""
    with CATALOGUE.open("rb") as file:
        for message in read_po(file, locale="fr"):
            if message.id:
                english = message.id if isinstance(message.id, str) else message.id[-1]
                french = message.string if isinstance(message.string, str) else message.string[-1]
                yield english, french


if __name__ == "__main__":
    main()
