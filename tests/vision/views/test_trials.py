"""One image classified by trained contenders."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser

from tests.builders.benchmarks import a_readable_run
from tests.builders.images import an_image
from tests.builders.people import Cast
from vision.models import BenchmarkRun, Trial

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vision_dir")]


def send(browser: Browser, run: BenchmarkRun, content: bytes):
    file = SimpleUploadedFile("photo.png", content, "image/png")
    path = f"/vision/runs/{run.pk}/try/"
    return browser.post(path, {"image": file}, headers={"accept-language": "en"})


def test_an_image_is_answered_on_a_page_of_its_own(client: Browser, cast: Cast) -> None:
    client.force_login(cast.advisor)
    response = send(client, a_readable_run(), an_image())
    trial = Trial.objects.get()
    assert response["Location"] == f"/vision/trials/{trial.pk}/"
    waiting = client.get(response["Location"]).content.decode()
    assert f'hx-get="/vision/trials/{trial.pk}/answers/"' in waiting
    image = client.get(f"/vision/trials/{trial.pk}/image.jpg")
    assert (image["Content-Type"], image["Cache-Control"]) == ("image/jpeg", "no-store")


def test_answers_are_shown_and_the_page_stops_polling(client: Browser, cast: Cast) -> None:
    client.force_login(cast.advisor)
    send(client, a_readable_run(), an_image())
    trial = Trial.objects.get()
    trial.answers = [
        {"contender": "vgg16-narrow", "seed": 0, "fold": 0, "probabilities": [0.1, 0.7, 0.2]},
        {"contender": "clip-small-zero-shot", "seed": 0, "fold": 0, "probabilities": [0.8, 0.1, 0.1]},
    ]
    trial.save()
    trial.job.status, trial.job.finished_at = "succeeded", trial.created_at
    trial.job.save()
    headers = {"accept-language": "en", "hx-request": "true"}
    response = client.get(f"/vision/trials/{trial.pk}/answers/", headers=headers)
    assert response.status_code == 286
    page = response.content.decode()
    assert "The contenders disagree." in page
    assert "demo weights" in page
    assert "Watch, with a probability of 70.0%." in page


def test_a_single_contender_is_named_with_its_prediction(client: Browser, cast: Cast) -> None:
    client.force_login(cast.advisor)
    send(client, a_readable_run(), an_image())
    trial = Trial.objects.get()
    trial.answers = [{"contender": "vgg16-narrow", "seed": 0, "fold": 0, "probabilities": [0.1, 0.7, 0.2]}]
    trial.save()
    page = client.get(f"/vision/trials/{trial.pk}/", headers={"accept-language": "en"}).content.decode()
    assert "Narrow VGG16 predicts “Watch”." in page


def test_the_form_says_how_large_an_image_may_be(client: Browser, cast: Cast, settings) -> None:
    settings.VISION_IMAGE_MEGABYTES = 7
    client.force_login(cast.advisor)
    page = client.get(f"/vision/runs/{a_readable_run().pk}/try/", headers={"accept-language": "en"}).content.decode()
    assert "up to 7 MB" in page


@pytest.mark.parametrize("content", [b"not an image", b"", an_image()[:200]])
def test_a_file_that_is_not_an_image_is_refused_with_a_sentence(client: Browser, cast: Cast, content: bytes) -> None:
    client.force_login(cast.advisor)
    response = send(client, a_readable_run(), content)
    assert response.status_code == 422
    assert not Trial.objects.exists()
    assert 'class="field__errors"' in response.content.decode()


def test_another_persons_image_is_not_found_except_by_auditors_and_administrators(client: Browser, cast: Cast) -> None:
    client.force_login(cast.advisor)
    send(client, a_readable_run(), an_image())
    paths = [f"/vision/trials/{Trial.objects.get().pk}/{tail}" for tail in ("", "answers/", "image.jpg")]
    for user, status in ((cast.supervisor, 404), (cast.auditor, 200), (cast.administrator, 200)):
        client.force_login(user)
        assert [client.get(path).status_code for path in paths] == [status] * 3


def test_an_auditor_may_not_try_an_image(client: Browser, cast: Cast) -> None:
    client.force_login(cast.auditor)
    assert send(client, a_readable_run(), an_image()).status_code == 403
