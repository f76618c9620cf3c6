"""Lists the words and phrases that may not come back in our English: ``python -m tests.architecture.words [PATH ...]``.

Read are identifiers, docstrings, comments, strings, templates, styles and documents. ``snake_case`` and ``CamelCase``
count as separate words, and a phrase may run over a line break. The French catalogue and migrations are left out.
"""

import os
import re
import sys
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SUFFIXES = {".py", ".html", ".js", ".mjs", ".css", ".md"}
SKIPPED_FOLDERS = {".git", ".venv", "node_modules", "var", "vendor", "locale", "migrations", "__pycache__"}

#: Each phrase, and what to write instead. Both are lower case; a space matches white space, "#" and "_".
FORBIDDEN = {
    r"told": "the noun of the thing; says, shows, reports",
    r"tells? of|telling of": "reports, says",
    r"hears? of|hearing of": "notices, receives",
    r"whoever": "the caller, the user, a process that …",
    r"pictures?": "image",
    r"anew": "again",
    r"lets? go|letting go": "releases, removes, drops",
    r"(?<!there )(?:is|are) no(?! longer)(?! (?:more|less|fewer|larger|smaller) than)": "is not a, has no",
    r"of the demonstration": "demo",
    r"has nothing of it": "",
    r"looks? after|looking after": "recovers, maintains, watches",
    r"such an? one": "one like it, or the noun",
    r"neither of them": "strictly between, or neither",
    r"any more": "no longer",
    r"anybody s": "the noun of the person",
    r"stands? (?:above|before|behind|beside|in front|there|twice)": "is, appears, is listed",
    r"what there is to": "the noun",
}
OWN_FILES = {"tests/architecture/words.py", "tests/architecture/test_words.py"}
#: (path, phrase as found): why this file needs it.
ALLOWED: dict[tuple[str, str], str] = {
    ("vision/ml/prompts.py", "picture"): "prompts for CLIP, in the words of captions",
}

_PATTERN = re.compile(f"(?<![a-z])(?:{'|'.join(FORBIDDEN)})(?![a-z])")
_BETWEEN_WORDS = re.compile(r"[\s#*_]+|['’](?=s\b)|(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True)
class Offence:
    path: str
    line: int
    phrase: str
    text: str


def offences(paths: Iterable[Path], root: Path = ROOT) -> Iterator[Offence]:
    """Every forbidden phrase of the files in ``paths``, in the order of the files."""
    for path in paths:
        name, lines = path.relative_to(root).as_posix(), path.read_text(encoding="utf-8").splitlines()
        words = [_BETWEEN_WORDS.sub(" ", line).strip().lower() for line in lines]
        starts = list(accumulate((len(line) + 1 for line in words), initial=0))
        for match in _PATTERN.finditer(" ".join(words)):
            line = bisect_right(starts, match.start()) - 1
            if (name, match[0]) not in ALLOWED:
                yield Offence(name, line + 1, match[0], lines[line].strip())


def sources(start: Path = ROOT) -> Iterator[Path]:
    """The files that hold our English, except the two that quote the forbidden phrases."""
    if start.is_file():
        yield start
        return
    for folder, subfolders, files in os.walk(start):
        subfolders[:] = sorted(set(subfolders) - SKIPPED_FOLDERS)
        for path in (Path(folder) / name for name in sorted(files)):
            if path.suffix in SUFFIXES and path.relative_to(ROOT).as_posix() not in OWN_FILES:
                yield path


if __name__ == "__main__":
    starts = [Path(name).resolve() for name in sys.argv[1:]] or [ROOT]
    found = [offence for start in starts for offence in offences(sources(start))]
    for offence in found:
        print(f"{offence.path}:{offence.line}: {offence.phrase}: {offence.text[:100]}")
    print(f"{len(found)} forbidden phrases", file=sys.stderr)
    sys.exit(bool(found))
