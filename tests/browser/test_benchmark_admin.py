"""An administrator launches a benchmark from the administration, sees it move without reloading, and cancels it."""

import pytest
from django.utils import timezone

from pretadepenser.core.models import Job
from tests.browser.visitor import Visitor, text_of
from tests.builders.benchmarks import a_dataset, a_result, a_run, finished
from tests.builders.people import Cast
from vision.models import BenchmarkRun

pytestmark = pytest.mark.django_db(transaction=True)

ADMIN = "/admin/vision"


def test_every_page_of_data_sets_and_benchmarks_is_clean(visitor: Visitor, cast: Cast) -> None:
    run = a_run()
    a_result(run)
    finished(run)
    visitor.sign_in("administrator")
    dataset = f"{ADMIN}/imagedataset/{run.dataset_id}"
    runs = f"{ADMIN}/benchmarkrun"
    for page in (f"{dataset}/change/", f"{dataset}/describe/", f"{ADMIN}/imagedataset/import/", f"{runs}/launch/"):
        visitor.open(page)
        visitor.check()
    for page in (f"{ADMIN}/imagedataset/", f"{runs}/", f"{runs}/{run.pk}/change/"):
        visitor.open(page)
        visitor.check()


def test_a_benchmark_is_launched_followed_and_cancelled(visitor: Visitor, cast: Cast) -> None:
    a_dataset(40)
    page = visitor.sign_in("administrator")
    visitor.open(f"{ADMIN}/benchmarkrun/launch/")
    page.check("input[value=vgg16-narrow]")
    page.check("input[name=from_scratch]")
    visitor.follow("main form input[type=submit]")
    run = BenchmarkRun.objects.get()
    assert run.is_from_scratch
    visitor.check()

    line = {"at": timezone.now().isoformat(), "text": "Narrow VGG16: training"}
    Job.objects.update(progress_done=1, progress_total=4, progress_message="Narrow VGG16: training", log=[line])
    page.wait_for_selector("#run-progress .log li")
    assert "Narrow VGG16: training" in text_of(page)
    visitor.check()

    visitor.follow("form[action$='cancel/'] button")
    run.job.refresh_from_db()
    assert run.job.status == "cancelled"
    assert page.locator("form[action$='retry/'] button").count() == 1
    visitor.check()
