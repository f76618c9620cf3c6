import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from PIL import Image

from demo.products import generate
from demo.products.catalogue import CATEGORIES, KINDS, kinds_of
from demo.products.kind import Kind
from demo.products.scene import draw_product
from demo.products.titles import product_title
from tests.builders.image_datasets import ignore_progress
from vision.ml.datasets import read_dataset
from vision.ml.images import ImageCache
from vision.ml.types import Dataset, ProblemKind

PER_CLASS = 12


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shop")
    generate(folder, per_class=PER_CLASS, seed=3, on_progress=ignore_progress)
    return folder


@pytest.fixture(scope="module")
def dataset(shop: Path, tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return read_dataset(shop, ImageCache(tmp_path_factory.mktemp("cache")), on_progress=ignore_progress)


def _rows(folder: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((folder / "products.csv").read_text(encoding="utf-8"))))


def test_the_categories_are_those_of_the_real_sample() -> None:
    assert CATEGORIES == (
        "Baby Care",
        "Beauty and Personal Care",
        "Computers",
        "Home Decor & Festive Needs",
        "Home Furnishing",
        "Kitchen & Dining",
        "Watches",
    )
    assert all(len(kinds_of(category)) >= 4 for category in CATEGORIES)
    assert len({kind.name for kind in KINDS}) == len(KINDS)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_kind_is_drawn_in_whatever_look(kind: Kind) -> None:
    sizes = set()
    for number in range(8):
        image, _ = draw_product(kind, np.random.default_rng([1, number]))
        sizes.add(image.size)
        assert image.mode == "RGB"
        assert np.asarray(image).std() > 2
    assert sizes <= {(256, 256), (224, 288), (288, 224)}


def test_the_same_seed_draws_the_same_image_and_another_seed_another() -> None:
    first, again, other = (draw_product(KINDS[0], np.random.default_rng(seed))[0] for seed in (1, 1, 2))
    assert first.tobytes() == again.tobytes()
    assert first.tobytes() != other.tobytes()


def test_a_title_names_the_brand_the_colour_and_the_thing() -> None:
    for kind in KINDS:
        rng = np.random.default_rng(7)
        _, look = draw_product(kind, rng)
        title = product_title(kind, look, "Norvik")
        assert title.startswith(f"Norvik {look.colour_name}")
        assert any(noun in title for noun in kind.nouns)


def test_a_catalogue_has_the_shape_of_the_real_sample(shop: Path) -> None:
    rows = _rows(shop)
    assert len(rows) == PER_CLASS * 7
    assert len({row["uniq_id"] for row in rows}) == len(rows)
    assert all(row["image"] == f"{row['uniq_id']}.jpg" for row in rows)
    assert all(len(json.loads(row["product_category_tree"])[0].split(" >> ")) == 3 for row in rows)


def test_the_same_seed_writes_the_same_files(shop: Path, tmp_path: Path) -> None:
    generate(tmp_path / "again", per_class=PER_CLASS, seed=3, on_progress=ignore_progress)
    files = sorted(path.relative_to(shop) for path in shop.rglob("*.*"))
    assert files == sorted(path.relative_to(tmp_path / "again") for path in (tmp_path / "again").rglob("*.*"))
    assert all((shop / name).read_bytes() == (tmp_path / "again" / name).read_bytes() for name in files)


def test_another_seed_writes_other_products(shop: Path, tmp_path: Path) -> None:
    generate(tmp_path, per_class=2, seed=4, on_progress=ignore_progress)
    assert not {row["uniq_id"] for row in _rows(tmp_path)} & {row["uniq_id"] for row in _rows(shop)}


def test_the_import_of_a_catalogue_has_something_to_tell(dataset: Dataset) -> None:
    kinds = [problem.kind for problem in dataset.problems]
    assert kinds.count(ProblemKind.MISSING) == 1
    assert kinds.count(ProblemKind.BROKEN) == 1
    assert kinds.count(ProblemKind.DUPLICATE) >= 2
    assert len(dataset.items) == PER_CLASS * 7 - 2
    assert dataset.classes == CATEGORIES


def test_a_few_products_are_filed_under_a_wrong_category(tmp_path: Path) -> None:
    generate(tmp_path, per_class=30, seed=0, on_progress=ignore_progress)
    category_of = {kind.name.capitalize(): kind.category for kind in KINDS}
    levels = [json.loads(row["product_category_tree"])[0].split(" >> ") for row in _rows(tmp_path)]
    wrong = [category for category, kind, _ in levels if category_of[kind] != category]
    assert 0 < len(wrong) < 0.06 * len(levels)


def test_a_tiny_catalogue_has_no_faults(tmp_path: Path) -> None:
    generate(tmp_path / "shop", per_class=2, seed=1, on_progress=ignore_progress)
    dataset = read_dataset(tmp_path / "shop", ImageCache(tmp_path / "cache"), on_progress=ignore_progress)
    assert (len(dataset.items), dataset.problems) == (14, ())


def test_progress_is_reported_for_each_product(tmp_path: Path) -> None:
    steps: list[tuple[int, int, str]] = []
    generate(tmp_path, per_class=1, seed=1, on_progress=lambda *step: steps.append(step))
    assert steps == [(done, 7, "drawing products") for done in range(1, 8)]


def test_the_images_of_a_catalogue_are_ordinary_jpegs(shop: Path) -> None:
    formats = set()
    for path in list((shop / "Images").iterdir())[:20]:
        with Image.open(path) as image:
            formats.add(image.format)
    assert formats == {"JPEG"}


def test_drawing_writes_a_table_and_images(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("generate_products", tmp_path / "shop", per_class=1, seed=3)

    assert len((tmp_path / "shop" / "products.csv").read_text().splitlines()) == 8
    assert len(list((tmp_path / "shop" / "Images").iterdir())) == 7
    assert str(tmp_path / "shop") in capsys.readouterr().out


def test_drawing_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError):
        call_command("generate_products", tmp_path, per_class=0)
