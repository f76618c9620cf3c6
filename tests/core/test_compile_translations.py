import gettext
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command

HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'


@pytest.fixture
def source(tmp_path: Path, settings: LazySettings) -> Path:
    settings.LOCALE_PATHS = [tmp_path]
    path = tmp_path / "fr" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    path.write_text(HEADER + 'msgid "Decision"\nmsgstr "Décision"\n\n#, fuzzy\nmsgid "Score"\nmsgstr "Faux"\n')
    return path


def test_a_translation_is_compiled_and_a_fuzzy_one_is_not(source: Path) -> None:
    call_command("compile_translations")
    with source.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    assert compiled.gettext("Decision") == "Décision"
    assert compiled.gettext("Score") == "Score"


def test_an_unreadable_file_is_named_and_its_compiled_form_stays(source: Path) -> None:
    call_command("compile_translations")
    compiled = source.with_suffix(".mo").read_bytes()
    source.write_text(HEADER + "not a catalogue\n")
    with pytest.raises(CommandError, match=r"django\.po cannot be read: "):
        call_command("compile_translations")
    assert source.with_suffix(".mo").read_bytes() == compiled
