from pathlib import Path

import numpy as np
import pytest

from tests.builders.image_datasets import (
    FLIPKART_FOLDER,
    coloured_dataset,
    ignore_progress,
    image_bytes,
    needs_flipkart,
    write_coloured_folder,
)
from vision.ml.datasets import FLIPKART, CsvShape, read_csv_dataset, read_dataset, read_folder_dataset
from vision.ml.images import ImageCache
from vision.ml.types import BenchmarkError, Dataset, ProblemKind

FLIPKART_CSV = "flipkart_com-ecommerce_sample_1050.csv"


def _write(folder: Path, table: str, *names: str) -> None:
    """A CSV file and images of different colours."""
    folder.joinpath("products.csv").write_text(table, encoding="utf-8")
    for number, name in enumerate(names):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(image_bytes(seed=number))


def _read(folder: Path) -> Dataset:
    return read_dataset(folder, ImageCache(folder.parent / "cache"), on_progress=ignore_progress)


def _kinds(dataset: Dataset) -> list[tuple[int, ProblemKind]]:
    return [(problem.row, problem.kind) for problem in dataset.problems]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    folder.mkdir()
    return folder


def test_a_csv_file_and_its_images_become_a_data_set(tmp_path: Path) -> None:
    dataset, cache = coloured_dataset(tmp_path, per_class=4)
    assert dataset.classes == ("Blue", "Green", "Red")
    assert dataset.labels.tolist() == [0, 1, 2] * 4
    assert [item.row for item in dataset.items] == list(range(12))
    assert dataset.items[5].text == "A red thing, number 1"
    assert all(item.sha256 in cache for item in dataset.items)
    assert (dataset.source_rows, dataset.problems) == (12, ())


def test_every_row_that_cannot_be_used_is_reported_and_the_rest_is_read(source: Path) -> None:
    rows = ("a.png,X", "b.png,Y", "none.png,X", "broken.png,Y", "huge.png,X", "c.png,", ",X", "again.png,X")
    _write(source, "\n".join(("image,label", *rows)), "a.png", "b.png", "c.png")
    source.joinpath("broken.png").write_bytes(image_bytes()[:150])
    source.joinpath("again.png").write_bytes(source.joinpath("a.png").read_bytes())
    huge = image_bytes(file_format="BMP")
    source.joinpath("huge.png").write_bytes(huge[:18] + (9000).to_bytes(4, "little") * 2 + huge[26:])
    dataset = _read(source)
    assert [item.key for item in dataset.items] == ["a.png", "b.png", "again.png"]
    assert dataset.source_rows == 8
    assert _kinds(dataset) == [
        (2, ProblemKind.MISSING),
        (3, ProblemKind.BROKEN),
        (4, ProblemKind.OVERSIZED),
        (5, ProblemKind.UNLABELLED),
        (6, ProblemKind.UNLABELLED),
        (7, ProblemKind.DUPLICATE),
    ]
    assert dataset.problems[3].detail == "Line 7 has no class."
    assert dataset.problems[5].detail == "The same bytes as a.png."


def test_a_duplicate_that_bears_another_class_says_so(source: Path) -> None:
    _write(source, "image,label\na.png,X\nb.png,Y\n", "a.png")
    source.joinpath("b.png").write_bytes(source.joinpath("a.png").read_bytes())
    assert _read(source).problems[0].detail == "The same bytes as a.png, which is labelled X."


def test_lines_are_counted_as_an_editor_counts_them(source: Path) -> None:
    table = 'image,label,text\na.png,X,"two\nlines"\n\nb.png,Y,\nc.png,,\nd.png,X,a,b\n'
    _write(source, table, "a.png", "b.png")
    details = [problem.detail for problem in _read(source).problems]
    assert details == ["Line 6 has no class.", "Line 7 has 4 columns where the header has 3."]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";"])
def test_tables_of_other_programs_are_read(source: Path, encoding: str, separator: str) -> None:
    lines = [("File", "Category", "Title"), ("a.png", "Bébé", "Été"), ("b.png", "Montres", "")]
    source.joinpath("t.csv").write_bytes("\r\n".join(separator.join(line) for line in lines).encode(encoding))
    for number, name in enumerate(("a.png", "b.png")):
        source.joinpath(name).write_bytes(image_bytes(seed=number))
    dataset = _read(source)
    assert dataset.classes == ("Bébé", "Montres")
    assert dataset.items[0].text == "Été"


def test_the_class_is_the_first_level_of_a_category_tree() -> None:
    assert FLIPKART.class_of('["Home Furnishing >> Curtains >> Eyelet..."]') == "Home Furnishing"
    assert FLIPKART.class_of('["Watches"]') == "Watches"
    assert FLIPKART.class_of("Baby Care >> Bath") == "Baby Care"
    assert FLIPKART.class_of("") == ""
    assert FLIPKART.class_of("[1, 2]") == "[1, 2]"


def test_images_are_found_in_whatever_folder_holds_them(source: Path) -> None:
    _write(source, "image,label\nx/a.png,X\nb.png,Y\n", "files/jpg/x/a.png", "files/jpg/b.png")
    assert len(_read(source).items) == 2


def test_a_name_never_leads_out_of_the_folder(source: Path) -> None:
    source.parent.joinpath("secret.png").write_bytes(image_bytes(seed=9))
    outside = source.parent / "secret.png"
    _write(source, f"image,label\na.png,X\nb.png,Y\n../secret.png,X\n{outside},X\n", "a.png", "b.png")
    dataset = _read(source)
    assert len(dataset.items) == 2
    assert _kinds(dataset) == [(2, ProblemKind.MISSING), (3, ProblemKind.MISSING)]


def test_a_shape_may_be_given(source: Path) -> None:
    _write(source, "photo,kind\na.png,X\nb.png,Y\n", "a.png", "b.png")
    dataset = read_csv_dataset(
        source / "products.csv",
        source,
        ImageCache(source.parent / "cache"),
        shape=CsvShape("photo", "kind"),
        on_progress=ignore_progress,
    )
    assert (dataset.name, dataset.classes) == ("products", ("X", "Y"))


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("photo,label\na.png,X\n", "needs a column of image files"),
        ("", "needs a column of image files"),
        ("image,label\na.png,X\n", "two classes are needed"),
        ("image,label\nnone.png,X\nnone.png,Y\n", "The first problem is none.png: The file is not there"),
        ('image,label\na.png,"' + "x" * 200_000, "cannot be read: the cells of line 2"),
    ],
)
def test_a_source_without_a_data_set_is_refused(source: Path, table: str, message: str) -> None:
    _write(source, table, "a.png")
    with pytest.raises(BenchmarkError, match=message):
        _read(source)


def test_several_tables_are_refused(source: Path) -> None:
    _write(source, "image,label\n")
    source.joinpath("other.csv").write_text("image,label\n", encoding="utf-8")
    with pytest.raises(BenchmarkError, match="several CSV files"):
        _read(source)


def test_progress_is_reported_image_by_image_and_may_stop_the_work(tmp_path: Path) -> None:
    folder = write_coloured_folder(tmp_path / "source", per_class=20)
    steps: list[tuple[int, int]] = []

    def listen(done: int, total: int, stage: str) -> None:
        steps.append((done, total))
        if done == 40:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read_dataset(folder, ImageCache(tmp_path / "cache"), on_progress=listen)
    assert steps == [(done, 60) for done in range(1, 41)]


def test_a_folder_per_class_becomes_a_data_set(source: Path) -> None:
    for number, name in enumerate(("Cups/a.png", "Cups/deep/b.png", "Lamps/c.png", "stray.txt")):
        source.joinpath(name).parent.mkdir(parents=True, exist_ok=True)
        source.joinpath(name).write_bytes(image_bytes(seed=number))
    dataset = read_folder_dataset(source, ImageCache(source.parent / "cache"), on_progress=ignore_progress)
    assert dataset.classes == ("Cups", "Lamps")
    assert [item.key for item in dataset.items] == ["Cups/a.png", "Cups/deep/b.png", "Lamps/c.png"]
    assert {item.text for item in dataset.items} == {""}


def test_folders_that_only_wrap_the_classes_are_passed_through(source: Path) -> None:
    for number, name in enumerate(("data/all/Cups/a.png", "data/all/Lamps/b.png")):
        source.joinpath(name).parent.mkdir(parents=True, exist_ok=True)
        source.joinpath(name).write_bytes(image_bytes(seed=number))
    assert [item.key for item in _read(source).items] == ["Cups/a.png", "Lamps/b.png"]


def test_an_empty_or_absent_source_is_refused(source: Path) -> None:
    with pytest.raises(BenchmarkError, match="two classes are needed"):
        _read(source)
    with pytest.raises(BenchmarkError, match="does not exist"):
        _read(source / "nowhere")


def test_the_fingerprint_follows_the_content(tmp_path: Path) -> None:
    first, _ = coloured_dataset(tmp_path / "first", per_class=3)
    again, _ = coloured_dataset(tmp_path / "again", per_class=3)
    other, _ = coloured_dataset(tmp_path / "other", per_class=4)
    assert first.fingerprint == again.fingerprint != other.fingerprint


@pytest.mark.real_data
@needs_flipkart
def test_the_real_sample_is_read_and_its_faults_are_reported(tmp_path: Path) -> None:
    cache = ImageCache(tmp_path)
    dataset = read_csv_dataset(
        FLIPKART_FOLDER / FLIPKART_CSV, FLIPKART_FOLDER / "Images", cache, shape=FLIPKART, on_progress=ignore_progress
    )
    assert (dataset.source_rows, len(dataset.items), len(dataset.classes)) == (1050, 1047, 7)
    assert np.bincount(dataset.labels).tolist() == [149, 150, 150, 150, 148, 150, 150]
    assert [(problem.row, problem.key) for problem in dataset.problems if problem.kind is ProblemKind.MISSING] == [
        (462, "994f1d8ade16b9fddce3c127eb7f38ed.jpg"),
        (678, "22ac36ba254a68d7dd6173f099771147.jpg"),
        (993, "c4ac93e194281d6d1450ffdaa52f5f99.jpg"),
    ]
    repeated = [problem for problem in dataset.problems if problem.kind is ProblemKind.DUPLICATE]
    assert (len(repeated), len(dataset.problems)) == (16, 19)
    hashes = [item.sha256 for item in dataset.items]
    groups = {sha256: hashes.count(sha256) for sha256 in hashes if hashes.count(sha256) > 1}
    assert (len(set(hashes)), len(groups), sum(groups.values())) == (1031, 6, 22)
    computers = dataset.classes.index("Computers")
    assert {item.label for item in dataset.items if item.sha256 in groups} == {computers}
    shapes = [cache.read(item.sha256).shape for item in dataset.items]
    assert max(min(height, width) for height, width, _ in shapes) == 256
    assert dataset.items[0].text == "Elegance Polyester Multicolor Abstract Eyelet Door Curtain"
