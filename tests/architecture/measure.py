"""``python -m tests.architecture.measure [CHECKOUT]`` prints the size of the product by folder, migrations left out."""

import argparse
import ast
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

NOT_PRODUCT = ("tests/", "manage.py")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkout", nargs="?", type=Path, default=Path.cwd())
    root = parser.parse_args().checkout
    modules = {path: (root / path).read_text(encoding="utf-8") for path in product_modules(root)}
    lines = {path: len(text.splitlines()) for path, text in modules.items()}
    folders: Counter[str] = Counter()
    for path, count in lines.items():
        folders[folder_of(path)] += count
    for folder, count in sorted(folders.items()):
        print(f"{count:7,d}  {folder}")
    print(f"{sum(lines.values()):7,d}  lines of product code in {len(modules)} modules")
    longest = max(lines, key=lines.__getitem__)
    print(f"{lines[longest]:7,d}  lines in the longest file, {longest}")
    length, name = max(function for path, text in modules.items() for function in functions(path, text))
    print(f"{length:7,d}  lines in the longest function, {name}")
    print(f"{sum(imports_in_functions(text) for text in modules.values()):7,d}  imports inside functions")
    print(f"{sum(len(re.findall('type: ignore', text)) for text in modules.values()):7,d}  type: ignore")


def product_modules(root: Path) -> list[str]:
    """Python files that git tracks, relative to ``root``."""
    listing = subprocess.run(["git", "ls-files", "*.py"], cwd=root, capture_output=True, text=True, check=True)
    return [
        path
        for path in listing.stdout.split()
        if not path.startswith(NOT_PRODUCT) and "/migrations/" not in path and (root / path).exists()
    ]


def folder_of(path: str) -> str:
    """The application and, inside it, the first folder; two for ``ml`` and the kernel."""
    folders = path.split("/")[:-1]
    return "/".join(folders[: 3 if folders[1:2] in (["core"], ["ml"]) else 2])


def functions(path: str, text: str) -> Iterator[tuple[int, str]]:
    """The length in lines and the name of each function."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield (node.end_lineno or node.lineno) - node.lineno + 1, f"{path}:{node.name}"


def imports_in_functions(text: str) -> int:
    bodies = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return len({node for body in bodies for node in ast.walk(body) if isinstance(node, ast.Import | ast.ImportFrom)})


if __name__ == "__main__":
    main()
