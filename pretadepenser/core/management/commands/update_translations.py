"""``manage.py update_translations``: what makemessages does, without the xgettext program."""

from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.core.management.base import BaseCommand

from pretadepenser.core.message_sources import Message, marked_messages

SITE: Final = "Prêt à dépenser"


class Command(BaseCommand):
    help = "Brings the translations in line with the sources: adds new texts, to be translated, and drops unused ones."
    requires_system_checks = ()

    def handle(self, *args: object, **options: object) -> None:
        messages = marked_messages(Path(settings.BASE_DIR))
        for folder in settings.LOCALE_PATHS:
            for path in sorted(Path(folder).glob("*/LC_MESSAGES/django.po")):
                catalogue = updated(path, messages)
                with path.open("wb") as file:
                    write_po(file, catalogue, width=120, sort_output=True, include_lineno=False)
                missing = sum(not any(as_texts(entry.string)) for entry in catalogue if entry.id)
                self.stdout.write(f"{path.parts[-3]}: {len(messages)} texts, {missing} to translate")


def updated(path: Path, messages: dict[Message, list[str]]) -> Catalog:
    """The catalogue of a .po file with exactly the marked texts, translations kept."""
    with path.open("rb") as file:
        old = read_po(file, locale=path.parts[-3])
    new = Catalog(
        locale=old.locale,
        header_comment=f"# {SITE} in the language {old.locale}, written by update_translations.",
        project=SITE,
        version="1",
        msgid_bugs_address=SITE,
        last_translator=SITE,
        language_team=SITE,
        charset="utf-8",
        fuzzy=False,
        creation_date=old.creation_date,
        revision_date=old.creation_date,
    )
    for message, files in messages.items():
        key = (message.singular, message.plural) if message.plural else message.singular
        known = old.get(message.singular)
        string = known.string if known and isinstance(known.id, tuple) == bool(message.plural) else None
        flags = {"python-format"} if "%(" in message.singular else set()
        new.add(key, string, locations=[(file, 1) for file in files], flags=flags)
    return new


def as_texts(string: str | tuple[str, ...] | list[str] | None) -> list[str]:
    """The forms of a translation, empty ones included."""
    return [string or ""] if string is None or isinstance(string, str) else list(string)
