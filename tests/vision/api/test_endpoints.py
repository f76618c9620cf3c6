"""The benchmark's endpoints."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser

from pretadepenser.core.models import Job
from tests.builders.benchmarks import a_dataset_with_images, a_readable_run
from tests.builders.images import an_image
from tests.builders.people import Cast
from vision.models import BenchmarkRun, Trial

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vision_dir")]

RUNS = "/api/v1/vision/runs/"


@pytest.fixture
def administrator(client: Browser, cast: Cast) -> Browser:
    client.force_login(cast.administrator)
    return client


def post(browser: Browser, path: str, body: dict[str, object], **headers: str):
    return browser.post(path, body, content_type="application/json", headers={"accept-language": "en", **headers})


def test_a_launched_benchmark_is_a_job_to_follow(administrator: Browser) -> None:
    dataset = a_dataset_with_images()
    body = {
        "dataset": dataset.slug,
        "contenders": ["vgg16-narrow"],
        "split": {"kind": "folds", "folds": 3},
        "seeds": [0, 1],
        "from_scratch": True,
    }
    response = post(administrator, RUNS, body)
    assert response.status_code == 202
    run = BenchmarkRun.objects.get()
    assert response["Location"].endswith(f"/api/v1/jobs/{run.job_id}/")
    assert run.config["split"]["folds"] == 3
    assert run.config["seeds"] == [0, 1]
    assert response.json()["status"] == "queued"


def test_the_same_key_launches_once(administrator: Browser) -> None:
    body = {"dataset": a_dataset_with_images().slug, "contenders": ["vgg16-narrow"], "from_scratch": True}
    answers = [post(administrator, RUNS, body, **{"idempotency-key": "k1"}) for _time in range(2)]
    assert answers[0].json() == answers[1].json()
    assert BenchmarkRun.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"contenders": ["resnet-of-my-dreams"]}, "There is no contender “resnet-of-my-dreams”"),
        ({"contenders": []}, "Choose at least one contender"),
        ({"seeds": [1, 1]}, "different seeds"),
        ({"split": {"kind": "folds", "folds": 1}}, "number of folds"),
        ({"epochs": 0}, "number of epochs"),
        ({"prompts": "rhymes"}, "prompts"),
    ],
)
def test_settings_that_cannot_run_are_refused_with_a_sentence(
    administrator: Browser, changes: dict[str, object], sentence: str
) -> None:
    body = {"dataset": a_dataset_with_images().slug, "contenders": ["vgg16-narrow"], **changes}
    response = post(administrator, RUNS, body)
    assert response.status_code == 400
    assert sentence in response.content.decode()
    assert not Job.objects.exists()


def test_a_finished_run_lists_results_whose_predictions_are_paged(administrator: Browser) -> None:
    run = a_readable_run()
    detail = administrator.get(f"{RUNS}{run.pk}/").json()
    assert {result["contender"] for result in detail["results"]} == {"vgg16-narrow", "clip-small-zero-shot"}
    result = detail["results"][0]
    figures = administrator.get(f"/api/v1/vision/results/{result['id']}/").json()
    assert figures["evaluation"]["test"]["accuracy"] == result["test_accuracy"]
    page = administrator.get(f"/api/v1/vision/results/{result['id']}/predictions/?page_size=10&page=2").json()
    assert page["count"] == run.dataset.images.count()
    assert [row["position"] for row in page["results"]] == list(range(10, 20))
    assert sum(page["results"][0]["probabilities"]) == pytest.approx(1, abs=1e-5)


def test_two_contenders_are_compared(administrator: Browser) -> None:
    run = a_readable_run()
    pair = "a=clip-small-zero-shot&b=vgg16-narrow"
    comparison = administrator.get(f"{RUNS}{run.pk}/comparison/?{pair}").json()
    accuracies = dict(run.results.values_list("contender", "test_accuracy"))
    assert {comparison["a"], comparison["b"]} == set(accuracies)
    assert comparison["difference"] == pytest.approx(accuracies[comparison["a"]] - accuracies[comparison["b"]])
    assert administrator.get(f"{RUNS}{run.pk}/comparison/?a=x&b=vgg16-narrow").status_code == 404


def test_the_original_study_is_launched_twice(administrator: Browser) -> None:
    dataset = a_dataset_with_images(240)
    response = post(administrator, "/api/v1/vision/original-study/", {"dataset": dataset.slug, "from_scratch": True})
    assert response.status_code == 202
    assert [run["kind"] for run in response.json()] == ["original", "repaired"]


def test_a_launched_benchmark_can_be_cancelled(administrator: Browser) -> None:
    post(administrator, RUNS, {"dataset": a_dataset_with_images().slug, "contenders": ["vgg16-narrow"]})
    run = BenchmarkRun.objects.get()
    assert administrator.post(f"{RUNS}{run.pk}/cancel/").status_code == 202
    assert administrator.get(f"{RUNS}{run.pk}/").json()["status"] == "cancelled"


def test_an_uploaded_archive_is_imported_by_a_job(administrator: Browser) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("Lamp/1.png", an_image())
    file = SimpleUploadedFile("shop.zip", stream.getvalue(), "application/zip")
    response = administrator.post("/api/v1/vision/data-sets/", {"archive": file, "name": "Shop"})
    assert response.status_code == 202
    assert Job.objects.get().arguments["name"] == "Shop"


def test_data_sets_and_contenders_are_listed(administrator: Browser) -> None:
    dataset = a_dataset_with_images(36)
    assert administrator.get("/api/v1/vision/data-sets/").json()["results"][0]["images"] == 36
    detail = administrator.get(f"/api/v1/vision/data-sets/{dataset.slug}/").json()
    assert detail["problems"] == [{"kind": "missing", "row": 36, "key": "gone.png", "detail": "no such file"}]
    names = {contender["name"] for contender in administrator.get("/api/v1/vision/contenders/").json()}
    assert {"vgg16", "clip-zero-shot", "squeezenet1_1"} <= names


def test_a_tried_image_has_an_address_for_its_answers(administrator: Browser) -> None:
    run = a_readable_run()
    file = SimpleUploadedFile("lamp.png", an_image(), "image/png")
    response = administrator.post(f"{RUNS}{run.pk}/trials/", {"image": file})
    assert response.status_code == 202
    trial = Trial.objects.get()
    assert response["Location"].endswith(f"/api/v1/vision/trials/{trial.pk}/")
    assert administrator.get(response["Location"]).json()["answers"] == []
    broken = SimpleUploadedFile("lamp.png", b"not an image", "image/png")
    assert administrator.post(f"{RUNS}{run.pk}/trials/", {"image": broken}).status_code == 400
