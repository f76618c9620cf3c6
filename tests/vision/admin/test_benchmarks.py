"""Benchmarks in the admin: launched from a form, followed, cancelled, retried."""

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from pretadepenser.core.models import Job
from tests.builders.benchmarks import a_dataset, a_result, a_run, finished
from tests.builders.people import Cast
from vision.ml.types import SplitKind
from vision.models import BenchmarkRun
from vision.selectors.benchmarks import config_of

pytestmark = pytest.mark.django_db

LAUNCH = reverse("admin:vision_benchmarkrun_launch")
FORM = {"contenders": ["vgg16"], "split": "stratified", "folds": 5, "seeds": "0", "prompts": "names", "device": "auto"}


@pytest.fixture
def administrator(client: Browser, cast: Cast) -> Browser:
    client.force_login(cast.administrator)
    client.cookies["django_language"] = "en"
    return client


def with_result(run: BenchmarkRun) -> BenchmarkRun:
    a_result(run, "clip-small-zero-shot")
    return run


def page_of(run: BenchmarkRun, page: str = "change") -> str:
    return reverse(f"admin:vision_benchmarkrun_{page}", args=[run.pk])


def test_the_form_offers_the_registry_and_the_data_set_it_was_opened_for(administrator: Browser) -> None:
    first, _second = a_dataset(), a_dataset()

    page = administrator.get(LAUNCH, {"dataset": first.pk}).content.decode()

    assert f'<option value="{first.pk}" selected>' in page
    assert "SigLIP 2 B/16, zero-shot" in page
    assert "Narrow VGG16 (demo)" in page


def test_a_valid_form_launches_the_benchmark_and_leads_to_its_page(administrator: Browser, cast: Cast) -> None:
    dataset = a_dataset(40)
    more = {"others": "resnet18  vgg13-finetuned", "split": "folds", "folds": 4, "seeds": " 3 4 ", "epochs": 6}

    response = administrator.post(
        LAUNCH, {**FORM, **more, "dataset": dataset.pk, "from_scratch": "on", "name": "Mine", "prompts": "photo"}
    )

    run = BenchmarkRun.objects.get()
    assert response.url == page_of(run)
    config = config_of(run)
    assert (run.name, run.created_by, run.job.status) == ("Mine", cast.administrator, "queued")
    assert config.contenders == ("vgg16", "resnet18", "vgg13-finetuned")
    assert (config.split.kind, config.split.folds, config.split.seed) == (SplitKind.FOLDS, 4, 3)
    assert (config.seeds, config.epochs, config.from_scratch, config.prompts) == ((3, 4), 6, True, "photo")


def test_the_launch_says_what_cannot_be_measured_well(administrator: Browser) -> None:
    dataset = a_dataset(40)
    dataset.images.filter(label=2).exclude(position=2).delete()
    dataset.descriptions = {name: [f"{name}, {'very ' * 20}nice"] for name in dataset.classes}
    dataset.save()
    values = {**FORM, "dataset": dataset.pk, "contenders": ["clip-small-zero-shot"], "prompts": "descriptions"}

    page = administrator.post(LAUNCH, values, follow=True).content.decode()

    assert "Too few different images to train, validate and test: Mug (1)." in page
    assert "Small CLIP, zero-shot does not read all of “Lamp, very very" in page
    run_page = administrator.get(reverse("vision:run", args=[finished(with_result(BenchmarkRun.objects.get())).pk]))
    assert "Mug (1)" in run_page.content.decode()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"contenders": []}, "contenders"),
        ({"contenders": ["vgg61"]}, "contenders"),
        ({"others": "vgg61"}, "others"),
        ({"dataset": 0}, "dataset"),
        ({"seeds": "one"}, "seeds"),
        ({"seeds": "1 1"}, "seeds"),
        ({"seeds": "9999999999"}, "seeds"),
        ({"folds": 1}, "folds"),
        ({"folds": ""}, "folds"),
        ({"epochs": 0}, "epochs"),
        ({"prompts": "descriptions", "contenders": ["clip-zero-shot"]}, "prompts"),
        ({"split": "folds", "folds": 20}, "split"),
    ],
)
def test_settings_that_cannot_run_are_refused_at_their_field(
    administrator: Browser, changed: dict[str, object], field: str
) -> None:
    response = administrator.post(LAUNCH, {**FORM, "dataset": a_dataset().pk, **changed})

    assert response.status_code == 422
    assert response.context["form"].errors[field]
    assert not BenchmarkRun.objects.exists()


def test_the_page_of_a_running_benchmark_refreshes_its_progress_and_can_cancel(administrator: Browser) -> None:
    run = a_run()
    line = {"at": timezone.now().isoformat(), "text": "VGG16: features of the images"}
    Job.objects.update(progress_done=1, progress_total=4, log=[line])

    page = administrator.get(page_of(run)).content.decode()

    assert "VGG16: features of the images" in page
    assert 'hx-trigger="every' in page
    assert page_of(run, "cancel") in page and page_of(run, "retry") not in page
    administrator.post(page_of(run, "cancel"))
    run.job.refresh_from_db()
    assert run.job.status == "cancelled"


def test_a_failed_benchmark_is_retried_from_its_page(administrator: Browser) -> None:
    run = a_run()
    Job.objects.update(status="failed", finished_at=timezone.now(), error="The weights of vgg16 are missing.")

    page = administrator.get(page_of(run)).content.decode()
    assert "The weights of vgg16 are missing." in page
    assert page_of(run, "retry") in page and page_of(run, "cancel") not in page
    response = administrator.post(page_of(run, "retry"))

    assert response.url == page_of(run)
    run.refresh_from_db()
    assert run.job.status == "queued"


def test_the_page_of_a_finished_benchmark_leads_to_its_results(administrator: Browser) -> None:
    run = a_run()
    a_result(run)
    finished(run)

    page = administrator.get(page_of(run)).content.decode()

    assert reverse("vision:run", args=[run.pk]) in page
    assert page_of(run, "retry") not in page and page_of(run, "cancel") not in page
    response = administrator.post(page_of(run, "retry"), follow=True)
    assert [str(message) for message in response.context["messages"]]
    assert administrator.post(page_of(run), {"name": "x"}).status_code == 403


def test_the_list_shows_progress_with_as_many_queries_for_more_runs(
    administrator: Browser, django_assert_max_num_queries
) -> None:
    for _ in range(6):
        a_run()
    Job.objects.update(progress_done=1, progress_total=4, progress_message="learning")
    with django_assert_max_num_queries(10):
        page = administrator.get(reverse("admin:vision_benchmarkrun_changelist")).content.decode()
    assert "queued, 25%" in page


def test_the_study_as_published_and_corrected_link_to_each_other(administrator: Browser) -> None:
    faithful = a_run(kind="original")
    repaired = a_run(faithful.dataset, kind="repaired", repairs=faithful)

    for run, other in ((faithful, repaired), (repaired, faithful)):
        page = administrator.get(page_of(run)).content.decode()
        assert f'<a href="{page_of(other)}">' in page
    assert "Narrow VGG16 · Small CLIP, zero-shot" in page


@pytest.mark.parametrize("person", ["advisor", "supervisor", "auditor"])
def test_only_administrators_launch_and_stop(client: Browser, cast: Cast, person: str) -> None:
    client.force_login(getattr(cast, person))
    run = a_run()

    for address in (LAUNCH, page_of(run, "cancel"), page_of(run, "retry")):
        assert client.post(address, {**FORM, "dataset": run.dataset_id}).status_code in (302, 403)
    assert BenchmarkRun.objects.count() == Job.objects.count() == 1
    assert Job.objects.get().status == "queued"
