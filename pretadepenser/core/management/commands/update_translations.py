"""``manage.py update_translations``: what makemessages does, without the xgettext program."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Final, cast

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir, extract_javascript
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation.template import templatize

#: The names under which gettext's functions are imported, with the positions of their texts.
KEYWORDS: Final[dict[str, tuple[int, ...] | None]] = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop")),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
}
SKIPPED_FOLDERS: Final = {"tests", "var", "node_modules"}


class Command(BaseCommand):
    help = "Brings the translations in line with the sources: adds new texts, to be translated, and drops unused ones."
    requires_system_checks = ()

    def handle(self, *args: object, **options: object) -> None:
        marked = marked_texts(Path(settings.BASE_DIR))
        for folder in settings.LOCALE_PATHS:
            for path in sorted(Path(folder).glob("*/LC_MESSAGES/django.po")):
                with path.open("rb") as file:
                    catalogue = read_po(file, locale=path.parts[-3])
                catalogue.update(marked, no_fuzzy_matching=True, update_creation_date=False)
                with path.open("wb") as file:
                    write_po(file, catalogue, width=120, sort_output=True, include_lineno=False, ignore_obsolete=True)
                missing = sum(not all(as_texts(entry.string)) for entry in catalogue if entry.id)
                self.stdout.write(f"{path.parts[-3]}: {len(marked)} texts, {missing} to translate")


def marked_texts(root: Path) -> Catalog:
    """The texts that the sources below ``root`` mark for translation, with the files that hold them."""
    methods = [("**.py", "python"), ("templates/**.html", _texts_of_template)]
    texts = extract_from_dir(root, cast("list[tuple[str, str]]", methods), keywords=KEYWORDS, directory_filter=_is_ours)
    catalogue = Catalog()
    for file, _line, text, _comments, _context in sorted(texts, key=lambda found: found[0]):
        catalogue.add(text, locations=[(file, 1)])
    return catalogue


def as_texts(string: str | tuple[str, ...] | list[str] | None) -> list[str]:
    """The forms of a translation, empty ones included."""
    return [string or ""] if string is None or isinstance(string, str) else list(string)


def _is_ours(folder: str) -> bool:
    name = Path(folder).name
    return name not in SKIPPED_FOLDERS and not name.startswith(".")


def _texts_of_template(file: BytesIO, _keywords: object, _tags: object, options: object) -> Iterator[object]:
    """The template as calls of gettext, as in makemessages, read by a lexer that tolerates the rest."""
    calls = templatize(file.read().decode()).encode()
    yield from extract_javascript(BytesIO(calls), KEYWORDS, (), {"encoding": "utf-8"})
