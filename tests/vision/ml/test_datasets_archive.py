import zipfile
from pathlib import Path

import pytest

from tests.builders.image_datasets import ignore_progress, image_bytes, write_coloured_folder
from vision.ml.datasets import files, read_dataset, read_folder_dataset
from vision.ml.datasets.files import UnreadableFileError, ZipFiles, open_files
from vision.ml.images import ImageCache
from vision.ml.types import BenchmarkError, Dataset, ProblemKind


def _read(archive: Path) -> Dataset:
    return read_dataset(archive, ImageCache(archive.parent / "cache"), on_progress=ignore_progress)


def _zip(path: Path, contents: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return path


def test_an_archive_gives_the_same_data_set_as_its_folder(tmp_path: Path) -> None:
    folder = write_coloured_folder(tmp_path / "coloured")
    contents = {f"wrapped/{path.relative_to(folder)}": path.read_bytes() for path in folder.rglob("*.*")}
    archive = _zip(tmp_path / "coloured.zip", contents | {"__MACOSX/wrapped/._products.csv": b"x", ".DS_Store": b"x"})
    assert _read(archive) == _read(folder)


def test_an_archive_of_class_folders_is_read(tmp_path: Path) -> None:
    contents = {"Cups/a.png": image_bytes(seed=1), "Lamps/b.png": image_bytes(seed=2)}
    archive = _zip(tmp_path / "things.zip", contents)
    dataset = read_folder_dataset(archive, ImageCache(tmp_path / "cache"), on_progress=ignore_progress)
    assert (dataset.name, dataset.classes) == ("things", ("Cups", "Lamps"))


def test_nothing_is_written_outside_the_cache_whatever_names_the_archive_has(tmp_path: Path) -> None:
    inside = tmp_path / "a" / "b"
    inside.mkdir(parents=True)
    names = ("../../evil.png", "/evil/evil.png", "C:\\evil.png", "Cups/../../evil.png", "Cups/ok.png", "Lamps/ok.png")
    archive = _zip(inside / "x.zip", {name: image_bytes(seed=number) for number, name in enumerate(names)})
    dataset = read_dataset(archive, ImageCache(inside / "cache"), on_progress=ignore_progress)
    assert {item.key for item in dataset.items} == {"Cups/ok.png", "Lamps/ok.png"}
    written = {path for path in tmp_path.rglob("*") if path.is_file()} - {archive}
    assert all(path.is_relative_to(inside / "cache") for path in written)


def test_a_bomb_is_refused_by_what_it_declares(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = _zip(tmp_path / "bomb.zip", {"a.png": b"\0" * (files.MAX_ENTRY_BYTES + 1)})
    assert bomb.stat().st_size < 100_000
    with pytest.raises(BenchmarkError, match=r"at most 8 GB are read, and 64 MB of one file"):
        open_files(bomb)
    many = _zip(tmp_path / "many.zip", {f"{number}.png": b"\0" * 2**20 for number in range(12)})
    monkeypatch.setattr(files, "MAX_TOTAL_BYTES", 10 * 2**20)
    with pytest.raises(BenchmarkError, match="unpacks to"):
        open_files(many)


def test_too_many_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_ENTRIES", 10)
    with pytest.raises(BenchmarkError, match="has 11 files"):
        open_files(_zip(tmp_path / "x.zip", {f"{number}.png": b"" for number in range(11)}))


def test_a_file_that_holds_more_than_it_declares_is_never_unpacked_further(tmp_path: Path) -> None:
    archive = _zip(tmp_path / "liar.zip", {"a.png": b"\0" * 5_000_000})
    data = archive.read_bytes()
    archive.write_bytes(data.replace((5_000_000).to_bytes(4, "little"), (100).to_bytes(4, "little")))
    with pytest.raises(UnreadableFileError, match="damaged"):
        open_files(archive).read("a.png")


def test_files_that_overlap_are_counted_as_they_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = open_files(_zip(tmp_path / "x.zip", {"a.png": b"\0" * 6000}))
    assert isinstance(archive, ZipFiles)
    monkeypatch.setattr(archive, "_bytes_left", 10_000)
    assert len(archive.read("a.png")) == 6000
    with pytest.raises(BenchmarkError, match="more than it declares"):
        archive.read("a.png")


def test_a_damaged_or_encrypted_file_is_reported_and_the_others_are_read(tmp_path: Path) -> None:
    contents = {f"{label}/{number}.png": image_bytes(seed=number) for label in ("X", "Y") for number in range(3)}
    archive = _zip(tmp_path / "x.zip", contents, zipfile.ZIP_STORED)
    data = bytearray(archive.read_bytes())
    place = data.index(image_bytes(seed=1)) + 300
    data[place] ^= 0xFF
    last_entry = data.rindex(b"PK\x01\x02")
    data[last_entry + 8] |= 1
    archive.write_bytes(bytes(data))
    dataset = _read(archive)
    broken = [(problem.key, problem.kind) for problem in dataset.problems if problem.kind is not ProblemKind.DUPLICATE]
    assert broken == [("X/1.png", ProblemKind.BROKEN), ("Y/2.png", ProblemKind.BROKEN)]


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04" + b"\0" * 100])
def test_what_is_not_an_archive_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(content)
    with pytest.raises(BenchmarkError, match="not a zip archive"):
        open_files(path)
