"""Pages about data sets, and their images."""

import io

import numpy as np
import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from PIL import Image

from tests.builders.benchmarks import a_dataset_with_images, a_readable_run
from tests.builders.people import Cast
from vision.presenters import datasets as presenter

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vision_dir")]


@pytest.fixture
def reader(client: Browser, cast: Cast) -> Browser:
    client.force_login(cast.advisor)
    return client


def text_of(browser: Browser, path: str) -> str:
    response = browser.get(path, headers={"accept-language": "en"})
    assert response.status_code == 200
    return response.content.decode()


def test_the_list_counts_images(reader: Browser) -> None:
    assert "No data set yet" in text_of(reader, "/vision/data/")
    dataset = a_dataset_with_images(36)
    page = text_of(reader, "/vision/data/")
    assert dataset.name in page
    assert ">36<" in page


def test_a_data_set_shows_its_classes_problems_and_duplicates(reader: Browser) -> None:
    page = text_of(reader, f"/vision/data/{a_dataset_with_images(36).slug}/")
    assert "36 images in 3 classes. 1 of 37 source rows was left out." in page
    assert "row 37: <code>gone.png</code>" in page
    assert "2 identical files in 1 group, kept in one part" in page
    assert "a lamp for a table" in page
    assert "Doubtful labels are shown once" in page


def test_doubtful_labels_come_from_the_newest_run(reader: Browser) -> None:
    run = a_readable_run()
    page = text_of(reader, f"/vision/data/{run.dataset.slug}/")
    assert f"Small CLIP, zero-shot in “{run.name}”" in page
    assert f'<a href="/vision/runs/{run.pk}/">{run.name}</a>' in page
    assert "/admin/" not in page


def test_a_contender_that_guesses_doubts_no_label(reader: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    run = a_readable_run()
    assert "may be in the wrong class" in text_of(reader, f"/vision/data/{run.dataset.slug}/")
    images, classes = run.dataset.images.count(), len(run.dataset.classes)
    guesses = np.random.default_rng(0).dirichlet(np.ones(classes), images).astype(np.float32)
    monkeypatch.setattr(presenter, "held_out_probabilities", lambda runs: (guesses, np.arange(images)))
    page = text_of(reader, f"/vision/data/{run.dataset.slug}/")
    assert "Doubtful labels are shown once" in page
    assert "may be in the wrong class" not in page


def test_the_page_needs_as_many_queries_for_more_images(reader: Browser, django_assert_num_queries) -> None:
    small, large = a_dataset_with_images(12), a_dataset_with_images(60)
    reader.get(f"/vision/data/{small.slug}/")
    with django_assert_num_queries(count_of(reader, small.slug)):
        reader.get(f"/vision/data/{large.slug}/")


def count_of(reader: Browser, slug: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        reader.get(f"/vision/data/{slug}/")
    return len(queries)


def test_an_image_is_small_private_and_cached(reader: Browser) -> None:
    dataset = a_dataset_with_images()
    image = dataset.images.order_by("position").first()
    address = f"/vision/images/{dataset.slug}/{image.sha256}.jpg"
    response = reader.get(address)
    assert response["Content-Type"] == "image/jpeg"
    assert "private" in response["Cache-Control"]
    assert "immutable" in response["Cache-Control"]
    assert max(Image.open(io.BytesIO(response.content)).size) <= 256
    assert reader.get(address, headers={"if-none-match": response["ETag"]}).status_code == 304


def test_an_image_of_another_data_set_is_not_found(reader: Browser) -> None:
    mine, other = a_dataset_with_images(3), a_dataset_with_images(36)
    image = other.images.order_by("position").last()
    assert reader.get(f"/vision/images/{mine.slug}/{image.sha256}.jpg").status_code == 404
    assert reader.get(f"/vision/images/{mine.slug}/..%2f..%2fsecret.jpg").status_code == 404
