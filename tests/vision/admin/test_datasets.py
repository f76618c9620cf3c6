"""Data sets in the admin: imported from the server or an archive, described, deleted, and used for the study."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from django.urls import reverse

from pretadepenser.core.models import Job
from tests.builders.benchmarks import a_dataset, a_run
from tests.builders.people import Cast
from vision.models import BenchmarkRun, ImageDataset

pytestmark = pytest.mark.django_db

IMPORT = reverse("admin:vision_imagedataset_import")


@pytest.fixture
def roots(settings, tmp_path: Path, vision_dir: Path) -> Path:
    allowed = tmp_path / "allowed"
    (allowed / "images").mkdir(parents=True)
    (allowed / "products.csv").touch()
    (allowed / "notes.txt").touch()
    (tmp_path / "secret").mkdir()
    (allowed / "link").symlink_to(tmp_path / "secret")
    settings.IMPORT_ROOTS = [allowed]
    return allowed


@pytest.fixture
def administrator(client: Browser, cast: Cast) -> Browser:
    client.force_login(cast.administrator)
    client.cookies["django_language"] = "en"
    return client


def page_of(dataset: ImageDataset, page: str = "change") -> str:
    return reverse(f"admin:vision_imagedataset_{page}", args=[dataset.pk])


def test_the_list_leads_to_the_form_and_the_form_names_the_roots(administrator: Browser, roots: Path) -> None:
    assert IMPORT in administrator.get(reverse("admin:vision_imagedataset_changelist")).content.decode()
    assert str(roots) in administrator.get(IMPORT).content.decode()


@pytest.mark.parametrize(
    ("fields", "images"),
    [({"source": "images"}, None), ({"source": "products.csv", "images": "images"}, "images")],
)
def test_a_place_on_the_server_is_imported_as_a_job(
    administrator: Browser, cast: Cast, roots: Path, fields: dict[str, str], images: str | None
) -> None:
    response = administrator.post(IMPORT, {**fields, "name": "Shop"})

    job = Job.objects.get()
    assert response.url == reverse("admin:core_job_change", args=[job.pk])
    assert (job.created_by, job.arguments["name"]) == (cast.administrator, "Shop")
    assert job.arguments["source"] == str(roots / fields["source"])
    assert job.arguments["images"] == (str(roots / images) if images else None)


def test_an_archive_is_sent_and_imported_as_a_job(administrator: Browser, roots: Path, vision_dir: Path) -> None:
    administrator.post(IMPORT, {"archive": SimpleUploadedFile("Spring.zip", b"PK")})

    job = Job.objects.get()
    assert (job.arguments["name"], job.arguments["is_upload"]) == ("Spring", True)
    assert Path(job.arguments["source"]).read_bytes() == b"PK"


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"source": "nowhere"},
        {"source": "../secret"},
        {"source": "link"},
        {"source": "/"},
        {"source": "notes.txt"},
        {"source": "nul\0byte"},
        {"source": "x" * 400},
        {"source": "products.csv"},
        {"source": "products.csv", "images": "nowhere"},
        {"source": "images", "images": "images"},
        {"source": "images", "name": "x" * 81},
    ],
)
def test_what_cannot_be_imported_is_refused_on_the_form(
    administrator: Browser, roots: Path, fields: dict[str, str]
) -> None:
    response = administrator.post(IMPORT, fields)

    assert response.status_code == 422
    assert response.context["form"].errors
    assert not Job.objects.exists()


def test_a_place_and_an_archive_together_are_refused(administrator: Browser, roots: Path) -> None:
    both = {"source": "images", "archive": SimpleUploadedFile("Spring.zip", b"PK")}

    assert administrator.post(IMPORT, both).context["form"].non_field_errors()


def test_an_archive_that_is_too_large_is_refused_at_its_field(administrator: Browser, settings, roots: Path) -> None:
    settings.VISION_UPLOAD_MEGABYTES = 1

    response = administrator.post(IMPORT, {"archive": SimpleUploadedFile("large.zip", b"x" * 1_100_000)})

    assert response.context["form"].errors["archive"]


def test_the_page_reports_what_the_import_found(administrator: Browser) -> None:
    dataset = a_dataset(7)
    problems = [{"kind": "missing", "row": row, "key": f"gone-{row}.png", "detail": "Not there."} for row in range(205)]
    copy = ImageDataset(name="Faulty", slug="faulty", classes=["A", "B"], fingerprint="f" * 64, source_rows=9)
    copy.problems = problems
    copy.save()

    page = administrator.get(page_of(copy)).content.decode()
    assert all(text in page for text in ("Missing images (left out): 205", "gone-0.png", "And 5 more."))
    assert "gone-204.png" not in page
    page = administrator.get(page_of(dataset)).content.decode()
    assert '<th scope="row">Lamp</th><td>3</td>' in page


def test_classes_are_described_with_one_sentence_per_line(administrator: Browser) -> None:
    dataset = a_dataset()

    response = administrator.post(page_of(dataset, "describe"), {"class_0": "a desk lamp\r\n\r\na floor lamp"})

    assert response.url == page_of(dataset)
    dataset.refresh_from_db()
    assert dataset.descriptions == {"Lamp": ["a desk lamp", "a floor lamp"]}
    assert "a floor lamp" in administrator.get(page_of(dataset, "describe")).content.decode()


def test_a_description_that_is_too_long_is_refused_on_the_form(administrator: Browser) -> None:
    response = administrator.post(page_of(dataset := a_dataset(), "describe"), {"class_0": "x" * 301})

    assert response.status_code == 422
    dataset.refresh_from_db()
    assert dataset.descriptions == {}


def test_a_description_that_is_too_long_is_refused_at_its_class(administrator: Browser) -> None:
    response = administrator.post(page_of(a_dataset(), "describe"), {"class_1": "x" * 301})

    assert list(response.context["form"].errors) == ["class_1"]


def test_a_data_set_is_deleted_after_a_page_that_says_what_is_lost(administrator: Browser, vision_dir: Path) -> None:
    dataset = a_dataset(7)

    page = administrator.get(page_of(dataset, "remove")).content.decode()
    assert f"“{dataset.name}” and its 7 images will be permanently deleted" in page
    assert ImageDataset.objects.exists()
    response = administrator.post(page_of(dataset, "remove"), follow=True)

    assert not ImageDataset.objects.exists()
    assert [str(message) for message in response.context["messages"]] == [f"The data set “{dataset.name}” is deleted."]
    assert administrator.post(page_of(dataset, "remove")).status_code == 404


def test_a_data_set_with_benchmarks_is_not_deleted_and_the_page_says_why(administrator: Browser) -> None:
    dataset = a_run().dataset

    response = administrator.post(page_of(dataset, "remove"))

    assert response.status_code == 422
    assert "so that they can be checked" in response.content.decode()
    assert ImageDataset.objects.get() == dataset


def test_the_original_study_is_one_button(administrator: Browser) -> None:
    dataset = a_dataset(105)
    assert administrator.get(page_of(dataset, "study")).status_code == 405

    response = administrator.post(page_of(dataset, "study"))

    faithful = BenchmarkRun.objects.get(kind="original")
    assert response.url == reverse("admin:vision_benchmarkrun_change", args=[faithful.pk])
    assert faithful.repaired_by.kind == "repaired"


def test_a_study_that_cannot_be_launched_says_why(administrator: Browser) -> None:
    response = administrator.post(page_of(dataset := a_dataset(3), "study"), follow=True)

    assert response.redirect_chain[-1][0] == page_of(dataset)
    assert [str(message) for message in response.context["messages"]]


@pytest.mark.parametrize("person", ["advisor", "supervisor", "auditor"])
def test_only_administrators_manage_data_sets(client: Browser, cast: Cast, roots: Path, person: str) -> None:
    client.force_login(getattr(cast, person))
    dataset = a_dataset(105)

    for address in (IMPORT, page_of(dataset, "describe"), page_of(dataset, "study"), page_of(dataset, "remove")):
        assert client.post(address, {"source": "images", "class_0": "x"}).status_code in (302, 403)
    assert not Job.objects.exists()
    dataset.refresh_from_db()
    assert dataset.descriptions == {}
