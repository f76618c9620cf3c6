"""Pages about benchmarks."""

import re

import pytest
from django.test import Client as Browser

from pretadepenser.core.models import Job, User
from tests.builders.benchmarks import SKILLS, a_readable_run, a_run
from tests.builders.people import Cast
from vision.ml.comparison import compare_all
from vision.ml.statistics import wilson
from vision.ml.types import Part
from vision.models import BenchmarkRun
from vision.presenters.links import gallery_url
from vision.selectors.benchmarks import Measurement, contender_runs, evaluation_of, results
from vision.selectors.datasets import labels, stored_dataset

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vision_dir")]


def signed_in(browser: Browser, user: User) -> Browser:
    browser.force_login(user)
    return browser


def text_of(browser: Browser, path: str) -> str:
    response = browser.get(path, headers={"accept-language": "en"})
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def reader(client: Browser, cast: Cast) -> Browser:
    return signed_in(client, cast.auditor)


def test_an_empty_list_says_what_to_do(reader: Browser) -> None:
    assert "No benchmark yet" in text_of(reader, "/vision/")


def test_the_list_shows_accuracies_and_demo_weights(reader: Browser) -> None:
    run = a_readable_run()
    page = text_of(reader, "/vision/")
    assert run.name in page
    assert "demo weights" in page
    for accuracy in run.results.values_list("test_accuracy", flat=True):
        assert f"{accuracy:.1%}" in page


def test_selected_runs_are_compared(reader: Browser) -> None:
    first, second = a_readable_run(name="First"), a_readable_run(name="Second")
    page = text_of(reader, f"/vision/?run={first.pk}&run={second.pk}&run=abc&run=99999999999")
    for run in (first, second):
        assert f'<a href="/vision/runs/{run.pk}/">{run.name}</a><br>{run.dataset.name}' in page
        for result in run.results.all():
            interval = evaluation_of(result).test.accuracy_interval
            assert f"{result.test_accuracy:.1%}<br>" in page
            assert f"{interval.low:.1%} to {interval.high:.1%}" in page


def test_over_several_folds_the_interval_of_all_images_is_below_the_mean(reader: Browser) -> None:
    run = a_readable_run(folds=3)
    page = text_of(reader, f"/vision/?run={run.pk}")
    for name in SKILLS:
        accuracies = [result.test_accuracy for result in run.results.filter(contender=name)]
        assert f"{sum(accuracies) / 3:.1%}<br>" in page
        interval = wilson(12 * sum(accuracies), 36)
        assert f"{interval.low:.1%} to {interval.high:.1%}" in page


def test_the_list_shows_the_progress_of_a_running_benchmark(reader: Browser) -> None:
    a_run()
    Job.objects.update(progress_done=1, progress_total=4, progress_message="VGG16: learning")
    assert "25% · VGG16: learning" in text_of(reader, "/vision/")


def test_the_list_needs_as_many_queries_for_more_runs(reader: Browser, django_assert_max_num_queries) -> None:
    for _number in range(3):
        a_readable_run()
    with django_assert_max_num_queries(8):
        reader.get("/vision/")


def test_an_unfinished_run_shows_its_progress_and_log(reader: Browser) -> None:
    run = a_run()
    run.job.log = [{"at": "2026-11-22T10:00:00+00:00", "text": "VGG16: features"}]
    run.job.save()
    page = text_of(reader, f"/vision/runs/{run.pk}/")
    assert "VGG16: features" in page
    assert f'hx-get="/vision/runs/{run.pk}/progress/"' in page


def test_the_progress_stops_polling_and_reloads_the_page_when_the_run_has_ended(reader: Browser) -> None:
    run = a_readable_run()
    response = reader.get(f"/vision/runs/{run.pk}/progress/", headers={"hx-request": "true"})
    assert response.status_code == 286
    assert response["HX-Refresh"] == "true"


def test_a_finished_run_begins_with_its_verdict(reader: Browser) -> None:
    page = text_of(reader, f"/vision/runs/{a_readable_run().pk}/")
    verdict, contenders = page.index('class="verdict"'), page.index("Test accuracy")
    assert verdict < contenders
    assert "McNemar&#x27;s exact test on 12 images" in page


def test_folds_are_compared_by_the_corrected_test(reader: Browser) -> None:
    page = text_of(reader, f"/vision/runs/{a_readable_run(folds=3).pk}/")
    assert "corrected t-test over 3 folds" in page
    assert "Each of the 36 images was tested once, in one of 3 folds." in page


def test_the_page_of_a_run_needs_as_many_queries_for_more_results(
    reader: Browser, django_assert_max_num_queries
) -> None:
    run = a_readable_run(folds=3)
    with django_assert_max_num_queries(9):
        reader.get(f"/vision/runs/{run.pk}/")


def test_the_original_studys_figures_are_shown_with_ours(reader: Browser) -> None:
    page = text_of(reader, f"/vision/runs/{a_readable_run(kind=BenchmarkRun.Kind.ORIGINAL).pk}/")
    assert "86.92%" in page
    assert "77.33%" in page


def test_the_numbers_of_the_confusion_matrix_open_images(reader: Browser) -> None:
    run = a_readable_run()
    page = text_of(reader, f"/vision/runs/{run.pk}/contenders/vgg16-narrow/")
    assert f"/vision/runs/{run.pk}/images/?contender=vgg16-narrow" in page
    assert "Loss per epoch" in page
    assert "Loss per epoch" not in text_of(reader, f"/vision/runs/{run.pk}/contenders/clip-small-zero-shot/")


def test_a_contender_over_folds_is_shown_on_all_of_them_and_on_each(reader: Browser) -> None:
    run = a_readable_run(folds=3)
    path = f"/vision/runs/{run.pk}/contenders/vgg16-narrow/"
    hits = sum(result.evaluation["test"]["hits"] for result in run.results.filter(contender="vgg16-narrow"))
    page = text_of(reader, path)
    assert f"Each image was tested once, in one of 3 folds: {hits} of 36 are correctly classified" in page
    assert "All folds, seed 0" in page
    assert "Loss per epoch" not in page  # each fold has its own
    assert not re.search(r"confusion__cell--(?!\d+\b|correct\b)", page)
    one_fold = text_of(reader, f"{path}?fold=1&seed=0")
    assert "of 12 test images are correctly classified" in one_fold
    assert "Loss per epoch" in one_fold


def test_galleries_over_folds_hold_as_many_images_as_the_matrix_counts(reader: Browser) -> None:
    run = a_readable_run(folds=3)
    shown = Measurement(tuple(results(run).filter(contender="vgg16-narrow")))
    confusion = shown.evaluation(stored_dataset(run.dataset)).test.confusion
    assert sum(map(sum, confusion)) == 36
    count = max(count for true, row in enumerate(confusion) for place, count in enumerate(row) if place != true)
    true, predicted = next(
        (t, p) for t, row in enumerate(confusion) for p, c in enumerate(row) if c == count and t != p
    )
    page = text_of(reader, f"{gallery_url(shown, Part.TEST, true, predicted)}")
    assert page.count('<figure class="image">') == count
    assert "fold" not in gallery_url(shown, Part.TEST)


def test_face_to_face_over_folds_counts_every_image_once(reader: Browser) -> None:
    run = a_readable_run(folds=3)
    pairs = compare_all(contender_runs(run), labels(run.dataset))[0].pairs
    assert pairs.images == 36
    page = text_of(reader, f"/vision/runs/{run.pk}/face-to-face/?a=vgg16-narrow&b=clip-small-zero-shot&show=only_b")
    assert '<option value="all-0" selected>' in page
    assert page.count('<figure class="image">') == min(pairs.only_b, 24)


@pytest.mark.parametrize("query", ["part=train", "part=validation", "part=nonsense&seed=x", "fold=0&seed=0"])
def test_every_part_of_the_split_can_be_read(reader: Browser, query: str) -> None:
    text_of(reader, f"/vision/runs/{a_readable_run().pk}/contenders/vgg16-narrow/?{query}")


@pytest.mark.parametrize("tail", ["contenders/unheard-of/", "contenders/vgg16-narrow/?fold=7", "images/?contender=x"])
def test_what_was_not_measured_is_not_found(reader: Browser, tail: str) -> None:
    assert reader.get(f"/vision/runs/{a_readable_run().pk}/{tail}").status_code == 404


def test_the_images_of_a_cell_are_as_many_as_its_number(reader: Browser) -> None:
    run = a_readable_run()
    result = run.results.get(contender="vgg16-narrow")
    for true, row in enumerate(result.evaluation["test"]["confusion"]):
        for predicted, count in enumerate(row):
            query = f"contender=vgg16-narrow&seed=0&fold=0&part=test&true={true}&predicted={predicted}"
            page = text_of(reader, f"/vision/runs/{run.pk}/images/?{query}")
            assert page.count('<figure class="image">') == count


def test_face_to_face_shows_as_many_images_as_it_counts(reader: Browser) -> None:
    run = a_readable_run()
    comparison = compare_all(contender_runs(run), labels(run.dataset))[0]
    expected = {"both_wrong": comparison.pairs.both_wrong, "only_a": comparison.pairs.only_a}
    expected["only_b"] = comparison.pairs.only_b
    assert expected["only_b"] > 0
    for show, count in expected.items():
        query = f"a=vgg16-narrow&b=clip-small-zero-shot&show={show}"
        page = text_of(reader, f"/vision/runs/{run.pk}/face-to-face/?{query}")
        assert "Narrow VGG16 vs. Small CLIP, zero-shot" in page
        assert page.count('<figure class="image">') == count


def test_every_page_with_results_warns_of_demo_weights(reader: Browser) -> None:
    run = a_readable_run()
    for tail in ("", "contenders/vgg16-narrow/", "images/?contender=vgg16-narrow", "face-to-face/"):
        assert "demo weights" in text_of(reader, f"/vision/runs/{run.pk}/{tail}")


def test_a_contender_is_not_compared_with_itself(reader: Browser) -> None:
    run = a_readable_run()
    name = next(iter(SKILLS))
    response = reader.get(f"/vision/runs/{run.pk}/face-to-face/?a={name}&b={name}")
    assert response.status_code == 404


def test_exports_hold_every_figure_and_every_prediction(reader: Browser) -> None:
    run = a_readable_run()
    document = reader.get(f"/vision/runs/{run.pk}/export.json").json()
    exported = {row["contender"]: row["runs"][0]["test_accuracy"] for row in document["contenders"]}
    assert exported == {result.contender: result.test_accuracy for result in run.results.all()}
    figures = reader.get(f"/vision/runs/{run.pk}/export.csv").getvalue().decode("utf-8-sig").splitlines()
    assert len(figures) == 1 + 2 * 3
    lines = reader.get(f"/vision/runs/{run.pk}/export.csv?what=predictions").getvalue().decode("utf-8-sig").splitlines()
    assert len(lines) == 1 + 2 * run.dataset.images.count()
