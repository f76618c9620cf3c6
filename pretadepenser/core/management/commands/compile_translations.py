"""``manage.py compile_translations``: what compilemessages does, without the msgfmt program."""

import os
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Compiles the translations (.po) that are newer than their compiled form (.mo). Fuzzy entries are left out."
    requires_system_checks = ()

    def handle(self, *args: object, **options: object) -> None:
        sources = [path for folder in settings.LOCALE_PATHS for path in Path(folder).glob("*/LC_MESSAGES/*.po")]
        for source in sources:
            if is_stale(source):
                compile_catalogue(source)
                self.stdout.write(f"Compiled {source}")


def is_stale(source: Path) -> bool:
    """Whether the compiled form of a .po file is missing, older or empty."""
    compiled = source.with_suffix(".mo")
    if not compiled.exists() or compiled.stat().st_size == 0:
        return True
    return compiled.stat().st_mtime < source.stat().st_mtime


def compile_catalogue(source: Path) -> None:
    """Write the .mo file beside a .po file. Raises CommandError naming the line that cannot be read."""
    try:
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parts[-3], abort_invalid=True)
    except (PoFileError, UnicodeDecodeError, ValueError) as error:
        raise CommandError(f"The translations {source} cannot be read: {error}. Correct the file.") from error
    draft = source.with_suffix(f".mo.{os.getpid()}")
    with draft.open("wb") as file:
        write_mo(file, catalogue, use_fuzzy=False)
    draft.replace(source.with_suffix(".mo"))
