"""Every text on the screen has a French translation; the sources are in English."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from pretadepenser.core.management.commands.update_translations import as_texts, marked_texts
from tests.architecture.words import sources

ROOT = Path(__file__).resolve().parent.parent
PLACEHOLDER = re.compile(r"%\(\w+\)[-.\d]*[a-z]|%[ds]|\{\w+\}")


@pytest.fixture(scope="module")
def french() -> dict[str, Message]:
    with (ROOT / "locale/fr/LC_MESSAGES/django.po").open("rb") as file:
        return {as_texts(entry.id)[0]: entry for entry in read_po(file, locale="fr") if entry.id}


@pytest.fixture(scope="module")
def marked() -> Catalog:
    return marked_texts(ROOT)


def test_every_marked_text_has_a_french_translation(french: dict[str, Message], marked: Catalog) -> None:
    missing = [
        f"{message.id!r} ({message.locations[0][0]})"
        for message in marked
        if message.id and not all(as_texts(french[key].string if (key := as_texts(message.id)[0]) in french else ""))
    ]
    assert not missing


def test_no_translation_is_fuzzy_or_obsolete(french: dict[str, Message], marked: Catalog) -> None:
    assert not [text for text, entry in french.items() if entry.fuzzy]
    assert set(french) <= {as_texts(message.id)[0] for message in marked}


def test_no_punctuation_mark_can_begin_a_line(french: dict[str, Message]) -> None:
    """French puts a no-break space before these."""
    loose = [text for entry in french.values() for text in as_texts(entry.string) if re.search(r" [:;?!»]|« ", text)]
    assert loose == []


def test_the_space_is_wide_before_a_colon_and_narrow_before_the_other_signs(french: dict[str, Message]) -> None:
    wrong = re.compile("\u202f:|\xa0[;?!%»]|«\xa0")
    assert [text for entry in french.values() for text in as_texts(entry.string) if wrong.search(text)] == []


def test_a_translation_keeps_the_placeholders(french: dict[str, Message]) -> None:
    wrong = []
    for entry in french.values():
        expected = set(PLACEHOLDER.findall(" ".join(as_texts(entry.id))))
        if set(PLACEHOLDER.findall(" ".join(as_texts(entry.string)))) != expected:
            wrong.append(entry.id)
    assert not wrong


def test_marked_texts_are_found_in_python_and_in_templates(tmp_path: Path) -> None:
    (tmp_path / "credit").mkdir()
    (tmp_path / "templates").mkdir()
    (tmp_path / "credit/a.py").write_text('_("One " "text")\nngettext("%(n)d cat", "%(n)d cats", 2)\nother("No")\n')
    (tmp_path / "templates/a.html").write_text(
        "{% translate 'A (b)' %}{% blocktranslate count n=n %}x {{ n }}{% plural %}y {{ n }}{% endblocktranslate %}"
        '{{ value|default:_("Blank") }}'
    )
    assert {message.id for message in marked_texts(tmp_path) if message.id} == {
        "One text",
        ("%(n)d cat", "%(n)d cats"),
        "A (b)",
        ("x %(n)s", "y %(n)s"),
        "Blank",
    }


def test_the_header_names_the_site_and_holds_no_placeholder() -> None:
    header = (ROOT / "locale/fr/LC_MESSAGES/django.po").read_text(encoding="utf-8").split("\n\n")[0]
    assert "Prêt à dépenser" in header
    assert not re.search("ADDRESS|AUTHOR|NAME|YEAR|ORGANIZATION", header)


def test_no_text_is_marked_where_the_catalogue_would_not_find_it() -> None:
    """Contexts are not kept, and Python 3.11 reads an f-string as one token."""
    marks = re.compile(r"pgettext|translate [^%]* context |\{(?:_|n?gettext)\(")
    own = Path(__file__)
    assert [path for path in sources() if path != own and marks.search(path.read_text(encoding="utf-8"))] == []
