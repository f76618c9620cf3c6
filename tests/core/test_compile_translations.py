import gettext
import os
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
    call_command("compile_translations", verbosity=0)
    with source.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    assert compiled.gettext("Decision") == "Décision"
    assert compiled.gettext("Score") == "Score"


def test_only_what_changed_is_compiled_again(source: Path) -> None:
    compiled = source.with_suffix(".mo")
    call_command("compile_translations", verbosity=0)
    os.utime(compiled, ns=(1, source.stat().st_mtime_ns))
    call_command("compile_translations", verbosity=0)
    assert compiled.stat().st_atime_ns == 1
    os.utime(compiled, ns=(1, 1))
    os.utime(source, ns=(2, source.stat().st_mtime_ns + 1_000_000_000))
    call_command("compile_translations", verbosity=0)
    assert compiled.stat().st_mtime_ns > 1


def test_a_file_that_cannot_be_read_is_named(source: Path) -> None:
    source.write_text(HEADER + "this is no catalogue\n")
    with pytest.raises(CommandError, match=r"django\.po cannot be read: .* Correct the file\."):
        call_command("compile_translations", verbosity=0)
    assert not source.with_suffix(".mo").exists()
