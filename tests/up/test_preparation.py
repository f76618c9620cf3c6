import json
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.contrib.auth import get_user_model

from credit.models import Client
from up.preparation import (
    Demo,
    PreparationError,
    check_vendored_assets,
    collect_static_files,
    run_step,
)

pytestmark = pytest.mark.django_db
MANIFEST_STORAGE = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"


def demo(folder: Path, *, clients: int = 100, is_embedded: bool = True) -> Demo:
    return Demo(folder, clients, is_embedded=is_embedded)


def names(prepared: Demo) -> list[str]:
    return [step.name for step in prepared.steps_left()]


def test_a_finished_step_is_not_repeated_at_the_next_start(tmp_path: Path) -> None:
    first = demo(tmp_path)
    assert names(first) == ["generate", "import", "train", "score", "vision", "day"]
    first.note_begun()
    for step in first.steps_left()[:2]:
        first.note_done(step)
    assert names(demo(tmp_path)) == ["train", "score", "vision", "day"]


def test_another_number_of_clients_repeats_every_step(tmp_path: Path) -> None:
    first = demo(tmp_path)
    first.note_begun()
    for step in first.steps_left():
        first.note_done(step)
    assert names(demo(tmp_path)) == []
    more = demo(tmp_path, clients=200)
    more.note_begun()
    assert names(demo(tmp_path, clients=200)) == ["generate", "import", "train", "score", "vision", "day"]


def test_the_record_of_another_database_is_ignored(tmp_path: Path) -> None:
    first = demo(tmp_path)
    first.note_begun()
    first.note_done(first.steps_left()[0])
    path = tmp_path / "demo/record.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "database": "dropped"}))
    assert len(names(demo(tmp_path))) == 6


@pytest.mark.parametrize("content", ["", "{", "[]", '{"database": 1}', '{"done": 3}'])
def test_an_unreadable_record_is_ignored(tmp_path: Path, content: str) -> None:
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo/record.json").write_text(content)
    assert len(names(demo(tmp_path))) == 6


def test_fictitious_clients_are_never_mixed_with_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("up.preparation._has_rows", lambda model: model in (Client, get_user_model()))
    assert not demo(tmp_path).has_data
    assert demo(tmp_path).has_accounts
    assert not demo(tmp_path, is_embedded=False).has_accounts
    demo(tmp_path).note_begun()
    assert demo(tmp_path).has_data


def test_the_accounts_are_created_once_and_shown_at_each_start(tmp_path: Path) -> None:
    assert demo(tmp_path, is_embedded=False).has_accounts  # an unused database
    demo(tmp_path, is_embedded=False).create_accounts()
    assert get_user_model().objects.count() == 4
    again = demo(tmp_path, is_embedded=False)
    assert again.has_accounts
    for user in get_user_model().objects.all():
        assert user.get_username() in again.accounts


def test_a_failed_step_is_reported_in_one_paragraph_and_its_traceback_kept(tmp_path: Path) -> None:
    def fail() -> None:
        raise ValueError("two\nlines")

    with pytest.raises(PreparationError) as caught:
        run_step("Training", fail, tmp_path / "log")
    assert str(caught.value).startswith("“Training” failed: two lines. The details are in ")
    assert "Traceback" in (tmp_path / "log").read_text()


def test_missing_browser_libraries_are_reported_with_the_remedy(tmp_path: Path, settings: LazySettings) -> None:
    settings.BASE_DIR = tmp_path
    with pytest.raises(PreparationError, match="run `make assets`"):
        check_vendored_assets()


@pytest.mark.parametrize("content", [b"\xff\xfe", b"{", b"[]", b"{}"])
def test_a_damaged_manifest_is_written_again(tmp_path: Path, settings: LazySettings, content: bytes) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "a.css").write_text("a {}")
    settings.STATICFILES_DIRS = [source]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = tmp_path / "collected"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": MANIFEST_STORAGE}}
    collect_static_files()
    manifest = tmp_path / "collected/staticfiles.json"
    before = manifest.read_bytes()
    manifest.write_bytes(content)
    settings.STORAGES = dict(settings.STORAGES)  # as in another process
    collect_static_files()
    assert manifest.read_bytes() == before


def test_static_files_are_collected_when_one_of_them_has_changed(tmp_path: Path, settings: LazySettings) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "a.css").write_text("a {}")
    settings.STATICFILES_DIRS = [source]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = tmp_path / "collected"
    collect_static_files()
    collected = tmp_path / "collected/a.css"
    collected.write_text("untouched")
    collect_static_files()
    assert collected.read_text() == "untouched"
    (source / "a.css").write_text("a { color: red }")
    collect_static_files()
    assert collected.read_text() == "a { color: red }"
