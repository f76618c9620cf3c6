"""Requests for imports, descriptions of classes, deletion."""

from pathlib import Path

import pytest

from pretadepenser.core.errors import ApplicationError, ConflictError
from pretadepenser.core.jobs import create_job
from pretadepenser.core.models import SYSTEM, Actor, AuditEvent, Job
from tests.builders.benchmarks import a_dataset, a_dataset_with_images, a_run
from tests.builders.people import Cast
from vision.job_kinds import IMPORT_IMAGES
from vision.models import DatasetImage, ImageDataset
from vision.selectors.datasets import image_cache
from vision.services.datasets import delete_dataset, edit_descriptions, request_import, request_upload

pytestmark = pytest.mark.django_db


def test_an_import_is_a_job_and_a_second_request_returns_the_same(tmp_path: Path, cast: Cast) -> None:
    first = request_import(source=tmp_path, name="  Summer   sale ", by=Actor(cast.administrator))
    again = request_import(source=tmp_path / ".", name="Summer sale", by=Actor(cast.administrator))

    assert first == again
    assert (first.kind, first.queue, first.created_by) == ("vision.import_images", "cpu", cast.administrator)
    assert first.arguments["source"] == str(tmp_path)
    assert (first.arguments["name"], first.arguments["is_demo"], first.arguments["is_upload"]) == (
        "Summer sale",
        False,
        False,
    )


def test_a_data_set_is_named_after_its_source_by_default(tmp_path: Path) -> None:
    (tmp_path / "products.csv").touch()

    job = request_import(source=tmp_path / "products.csv", images=tmp_path, by=SYSTEM)

    assert (job.arguments["name"], job.arguments["images"]) == ("products", str(tmp_path))


@pytest.mark.parametrize(
    ("source", "images", "field"),
    [
        ("nowhere", None, "source"),
        ("notes.txt", None, "source"),
        ("products.csv", None, "images"),
        ("products.csv", "nowhere", "images"),
        (".", ".", "images"),
    ],
)
def test_what_cannot_be_a_source_is_refused(tmp_path: Path, source: str, images: str | None, field: str) -> None:
    (tmp_path / "notes.txt").touch()
    (tmp_path / "products.csv").touch()

    with pytest.raises(ApplicationError) as refused:
        request_import(source=tmp_path / source, images=tmp_path / images if images else None, by=SYSTEM)

    assert refused.value.field == field
    assert not Job.objects.exists()


def test_a_name_that_is_too_long_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ApplicationError) as refused:
        request_import(source=tmp_path, name="x" * 81, by=SYSTEM)
    assert refused.value.field == "name"


def test_an_uploaded_archive_is_stored_under_a_new_name(vision_dir: Path, cast: Cast) -> None:
    job = request_upload(chunks=[b"PK", b"..."], file_name="../Spring.zip", by=Actor(cast.administrator))

    archive = Path(job.arguments["source"])
    assert archive.parent == vision_dir / "uploads"
    assert archive.read_bytes() == b"PK..."
    assert (job.arguments["name"], job.arguments["is_upload"]) == ("Spring", True)


def test_an_archive_over_the_limit_is_refused_and_leaves_nothing(settings, vision_dir: Path, cast: Cast) -> None:
    settings.VISION_UPLOAD_MEGABYTES = 1

    with pytest.raises(ApplicationError) as refused:
        request_upload(chunks=[b"x" * 2**19] * 3, file_name="large.zip", by=Actor(cast.administrator))

    assert refused.value.field == "archive"
    assert list((vision_dir / "uploads").iterdir()) == []


def test_blank_descriptions_are_dropped(cast: Cast) -> None:
    dataset = a_dataset()

    edit_descriptions(
        dataset=dataset, descriptions={"Lamp": [" a desk\nlamp ", ""], "Mug": []}, by=Actor(cast.administrator)
    )

    dataset.refresh_from_db()
    assert dataset.descriptions == {"Lamp": ["a desk lamp"]}
    assert AuditEvent.objects.get().action == "dataset.described"


@pytest.mark.parametrize("descriptions", [{"Sofa": ["a sofa"]}, {"Lamp": ["x" * 301]}, {"Lamp": ["a lamp"] * 21}])
def test_descriptions_that_do_not_fit_are_refused(descriptions: dict[str, list[str]]) -> None:
    dataset = a_dataset()

    with pytest.raises(ApplicationError):
        edit_descriptions(dataset=dataset, descriptions=descriptions, by=SYSTEM)

    dataset.refresh_from_db()
    assert dataset.descriptions == {}


def test_a_data_set_is_deleted_with_the_decoded_images_that_no_other_uses(
    vision_dir: Path, cast: Cast, django_capture_on_commit_callbacks
) -> None:
    mine, other = a_dataset_with_images(12), a_dataset_with_images(9)
    hashes = set(mine.images.values_list("sha256", flat=True))
    shared = set(other.images.values_list("sha256", flat=True))
    assert hashes > shared
    with django_capture_on_commit_callbacks(execute=True):
        delete_dataset(dataset=mine, by=Actor(cast.administrator))

        assert all(sha256 in image_cache() for sha256 in hashes)  # until the commit

    assert list(ImageDataset.objects.all()) == [other]
    assert DatasetImage.objects.count() == 9
    assert {sha256 for sha256 in hashes if sha256 in image_cache()} == shared
    event = AuditEvent.objects.get()
    assert (event.action, event.object_id, event.detail) == ("dataset.deleted", str(mine.pk), {"images": 12})


def not_deleted(dataset: ImageDataset, cast: Cast) -> str:
    with pytest.raises(ConflictError) as refused:
        delete_dataset(dataset=dataset, by=Actor(cast.administrator))
    return refused.value.code


def test_a_data_set_with_benchmarks_is_not_deleted(cast: Cast) -> None:
    assert not_deleted(a_run().dataset, cast) == "in_use"
    assert ImageDataset.objects.count() == 1
    assert not AuditEvent.objects.exists()


def test_no_data_set_is_deleted_while_an_import_may_need_its_images(cast: Cast) -> None:
    dataset = a_dataset()
    job = create_job(IMPORT_IMAGES, arguments={}, by=Actor(cast.administrator))
    assert not_deleted(dataset, cast) == "importing"

    Job.objects.filter(pk=job.pk).update(status="failed", finished_at=job.created_at)
    delete_dataset(dataset=dataset, by=Actor(cast.administrator))

    assert not_deleted(dataset, cast) == "gone"
