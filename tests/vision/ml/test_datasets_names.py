"""Names of folders, files and classes as people and programs write them."""

import os
import zipfile
from pathlib import Path
from unicodedata import normalize

import pytest

from tests.builders.image_datasets import ignore_progress, image_bytes
from vision.ml.datasets import read_dataset
from vision.ml.datasets.class_folders import class_folder_rows
from vision.ml.images import ImageCache
from vision.ml.types import BenchmarkError, Dataset, ProblemKind


def _read(source: Path) -> Dataset:
    return read_dataset(source, ImageCache(source.parent / "cache"), on_progress=ignore_progress)


def _folder(root: Path, *names: str | bytes) -> Path:
    """A folder of different images under these names."""
    for number, name in enumerate(names):
        path = root / os.fsdecode(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(image_bytes(seed=number))
    return root


def _raw_zip(path: Path, *names: bytes) -> Path:
    """An archive whose names are exactly these bytes, without the flag that says UTF-8."""
    with zipfile.ZipFile(path, "w") as archive:
        for number, name in enumerate(names):
            archive.writestr(str(number) * len(name), image_bytes(seed=number))
    data = path.read_bytes()
    for number, name in enumerate(names):
        data = data.replace(str(number).encode() * len(name), name)
    path.write_bytes(data)
    return path


def _classes(*names: str) -> tuple[str, ...]:
    return tuple(sorted({row.class_name for row in class_folder_rows(names)[0] if not row.fault}))


@pytest.mark.parametrize(
    "parts",
    [
        ("train", "test"),
        ("Training", "Validation", "Testing"),
        ("seg_train/seg_train", "seg_test/seg_test"),
        ("data/train2017", "data/val2017"),
        ("train/images", "dev/images"),
        ("entraînement", "validation"),
    ],
)
def test_the_classes_lie_below_the_folders_of_a_split(parts: tuple[str, ...]) -> None:
    names = [f"{part}/{label}/{number}.jpg" for part in parts for label in "ab" for number in range(2)]
    rows, prefix, problems = class_folder_rows([*names, f"{parts[0]}/readme.txt", "licence.txt"])
    assert {row.class_name for row in rows} == {"a", "b"}
    assert [prefix + row.key for row in rows] == names
    assert [problem.kind for problem in problems] == [ProblemKind.PARTS]


@pytest.mark.parametrize(
    "classes", [("train", "toy train"), ("test tube", "train station"), ("train", "car"), ("tests", "test 2")]
)
def test_classes_whose_names_only_resemble_a_split_stay_classes(classes: tuple[str, ...]) -> None:
    assert _classes(*(f"{label}/{number}.jpg" for label in classes for number in range(2))) == tuple(sorted(classes))


def test_a_split_beside_another_folder_is_refused() -> None:
    with pytest.raises(BenchmarkError, match="test, train look like the parts of a split, but extra does not"):
        class_folder_rows(["train/a/1.jpg", "test/a/2.jpg", "extra/3.jpg"])


def test_images_outside_of_class_folders_are_reported(tmp_path: Path) -> None:
    dataset = _read(_folder(tmp_path / "s", "train/a/1.png", "train/b/2.png", "test/3.png", "4.png"))
    assert dataset.classes == ("a", "b")
    stray = [problem.key for problem in dataset.problems if problem.kind is ProblemKind.UNLABELLED]
    assert sorted(stray) == ["4.png", "test/3.png"]
    with pytest.raises(BenchmarkError, match="It lies in no class folder"):
        _read(_folder(tmp_path / "flat", "train/1.png", "test/2.png"))


def test_a_class_in_composed_and_decomposed_accents_is_one_class_and_loses_no_image(tmp_path: Path) -> None:
    names = [normalize(form, name) for form in ("NFC", "NFD") for name in ("été/a.png", "été/é.png")]
    dataset = _read(_folder(tmp_path / "s", *names, "hiver/b.png"))
    assert dataset.classes == ("hiver", "été")
    assert len({item.sha256 for item in dataset.items}) == len({item.key for item in dataset.items}) == 5


def test_a_table_finds_files_whose_accents_are_written_otherwise(tmp_path: Path) -> None:
    folder = _folder(tmp_path / "s", normalize("NFD", "Images/été.png"), "Images/sub/b.png")
    table = normalize("NFC", "image,label\nété.png,A\nsub\\b.png,B\n")
    folder.joinpath("t.csv").write_text(table, encoding="utf-8")
    assert [item.label for item in _read(folder).items] == [0, 1]


def test_names_that_are_not_utf8_are_read_as_windows_1252(tmp_path: Path) -> None:
    dataset = _read(_folder(tmp_path / "s", "bébé/a.png".encode("cp1252"), "montres/b.png"))
    assert dataset.classes == ("bébé", "montres")


@pytest.mark.parametrize("encoding", ["utf-8", "cp437"])
def test_names_of_an_archive_without_the_flag(tmp_path: Path, encoding: str) -> None:
    archive = _raw_zip(tmp_path / "x.zip", "été/a.png".encode(encoding), "montres à quartz/b.png".encode(encoding))
    assert _read(archive).classes == ("montres à quartz", "été")


def test_backslashes_separate_the_folders_of_an_archive(tmp_path: Path) -> None:
    archive = _raw_zip(tmp_path / "x.zip", b"all\\", b"all\\cuisine\\", b"all\\cuisine\\a.png", b"all\\montres\\b.png")
    dataset = _read(archive)
    assert (dataset.classes, [item.key for item in dataset.items]) == (
        ("cuisine", "montres"),
        ["cuisine/a.png", "montres/b.png"],
    )


def test_a_class_with_too_few_different_images_for_a_split_is_rare(tmp_path: Path) -> None:
    folder = _folder(tmp_path / "s", *(f"{label}/{number}.png" for label in "ab" for number in range(3)), "c/0.png")
    for number in range(1, 5):
        folder.joinpath(f"c/{number}.png").write_bytes(folder.joinpath("c/0.png").read_bytes())
    assert _read(folder).rare_classes == {"c": 1}


def test_classes_that_differ_by_case_or_white_space_are_merged_and_reported(tmp_path: Path) -> None:
    folder = _folder(tmp_path / "s", *(f"{number}.png" for number in range(6)))
    labels = ("Home Decor", "home  decor", "Home\u00a0Decor", "Watches", "WATCHES", "Wat\u200bches")
    lines = ["image,label", *(f"{number}.png,{label}" for number, label in enumerate(labels))]
    folder.joinpath("t.csv").write_text("\n".join(lines), encoding="utf-8")
    dataset = _read(folder)
    assert dataset.classes == ("Home Decor", "Watches")
    assert dataset.labels.tolist() == [0, 0, 0, 1, 1, 1]
    assert [(problem.row, problem.kind, problem.detail) for problem in dataset.problems] == [
        (1, ProblemKind.RESPELLED, "Its class is written “home decor” and was read as “Home Decor”."),
        (4, ProblemKind.RESPELLED, "Its class is written “WATCHES” and was read as “Watches”."),
    ]
