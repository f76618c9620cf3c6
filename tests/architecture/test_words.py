"""No forbidden phrase comes back into our English; ``python -m tests.architecture.words`` lists where they are."""

from pathlib import Path

from tests.architecture.words import ROOT, offences, sources

STILL_THERE = 0  # may only fall


def test_no_forbidden_phrase_comes_back() -> None:
    remaining = [f"{offence.path}:{offence.line}: {offence.phrase}" for offence in offences(sources())]
    assert len(remaining) <= STILL_THERE, "\n".join(remaining)


def test_phrases_are_found_in_names_and_over_line_breaks(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_text(
        'told_roots = 1\nclass TrialPicture: ...\n# What is\n# no number.\nx = "There is no file, is no longer"\n'
    )
    assert [(o.line, o.phrase) for o in offences([file], root=tmp_path)] == [(1, "told"), (2, "picture"), (3, "is no")]


def test_the_sources_are_ours_alone() -> None:
    names = {path.relative_to(ROOT).as_posix() for path in sources()}
    assert {"manage.py", "README.md", "templates/base.html", "credit/models/__init__.py"} <= names
    assert not [name for name in names if name.startswith(("static/vendor/", ".venv/", "node_modules/", "var/"))]
