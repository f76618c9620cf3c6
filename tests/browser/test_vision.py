"""A reader opens a benchmark down to its images and tries one; an administrator deletes a data set."""

from pathlib import Path

import pytest

from pretadepenser.core.models import Job
from tests.browser.visitor import Visitor, at_desk_and_on_phone, text_of
from tests.builders.benchmarks import a_dataset_with_images, a_readable_run, a_run
from tests.builders.images import an_image
from tests.builders.people import Cast
from vision.models import BenchmarkRun, ImageDataset, Trial

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("vision_dir")]


# Lazy images further down the page are loaded as well.
BROKEN_IMAGES = """async images => {
  const broken = image => { image.loading = "eager"; return image.decode().then(() => "", () => image.src); };
  return (await Promise.all(images.map(broken))).filter(source => source);
}"""


@pytest.fixture
def run(cast: Cast) -> BenchmarkRun:
    return a_readable_run(name="Boutique")


def follow(visitor: Visitor, selector: str) -> str:
    """The words of the page that this leads to, whose images all load."""
    visitor.follow(selector)
    assert visitor.page.eval_on_selector_all("main img", BROKEN_IMAGES) == []
    return text_of(visitor.page)


def test_a_reader_follows_a_benchmark_down_to_its_images(visitor: Visitor, run: BenchmarkRun) -> None:
    visitor.sign_in("auditor")
    a_run(run.dataset, name="En attente")
    visitor.open("/vision/")
    visitor.page.check(f"input[name=run][value='{run.pk}']")
    assert "côte à côte" in follow(visitor, "main form button")
    visitor.check()
    words = follow(visitor, f"main .table--stacks a[href$='/vision/runs/{run.pk}/']")
    assert words.index("Petit CLIP, zero-shot est plus exact que VGG16 étroit.") < words.index("Rappel")
    visitor.check()

    assert "face à" in follow(visitor, "main a[href*='/face-to-face/']")
    count = int(visitor.page.inner_text(".face-to-face a[href*='only_b']"))
    follow(visitor, ".face-to-face a[href*='only_b']")
    assert visitor.page.locator("main figure.image").count() == count > 0
    visitor.check()


def test_a_number_of_the_matrix_opens_its_images_however_many_classes_there_are(visitor: Visitor, cast: Cast) -> None:
    names = tuple(f"Une catégorie de produits n° {number}" for number in range(13))
    run = a_readable_run(a_dataset_with_images(78, classes=names), folds=3)
    visitor.sign_in("auditor")
    visitor.open(f"/vision/runs/{run.pk}/contenders/vgg16-narrow/?part=train")
    visitor.check()
    wrong = ".confusion__cell:not(.confusion__cell--correct) a"
    count = int(visitor.page.locator(wrong).first.inner_text())
    assert "classée" in follow(visitor, f"{wrong} >> nth=0")
    assert visitor.page.locator("main figure.image").count() == count
    visitor.check()


def test_a_reader_sees_the_content_of_a_data_set(visitor: Visitor, run: BenchmarkRun) -> None:
    visitor.sign_in("advisor")
    visitor.open("/vision/data/")
    assert "gone.png" not in follow(visitor, f"main a[href$='/data/{run.dataset.slug}/']")
    visitor.page.click("main .finding summary")
    assert "gone.png" in text_of(visitor.page)
    visitor.check()


@at_desk_and_on_phone
def test_an_advisor_tries_an_image(visitor: Visitor, run: BenchmarkRun, tmp_path: Path) -> None:
    page = visitor.sign_in("advisor")
    visitor.open(f"/vision/runs/{run.pk}/try/")
    (tmp_path / "notes.png").write_bytes(b"not an image")
    page.set_input_files("input[type=file]", tmp_path / "notes.png")
    visitor.follow("main form button")
    assert "Image illisible" in text_of(page)
    visitor.expect_refusal(422)

    (tmp_path / "mug.png").write_bytes(an_image())
    page.set_input_files("input[type=file]", tmp_path / "mug.png")
    assert "En attente" in follow(visitor, "main form button")
    trial = Trial.objects.get()
    probabilities = {"vgg16-narrow": [0.1, 0.7, 0.2], "clip-small-zero-shot": [0.8, 0.1, 0.1]}
    trial.answers = [
        {"contender": name, "seed": 0, "fold": 0, "probabilities": shares} for name, shares in probabilities.items()
    ]
    trial.save()
    Job.objects.filter(pk=trial.job_id).update(status="succeeded", finished_at=trial.created_at)
    page.wait_for_selector("#trial-answers canvas")
    assert "ne sont pas d’accord" in text_of(page)
    visitor.check()


def test_an_administrator_deletes_a_data_set(visitor: Visitor, cast: Cast) -> None:
    dataset = a_dataset_with_images(12)
    page = visitor.sign_in("administrator")
    visitor.open(f"/admin/vision/imagedataset/{dataset.pk}/change/")
    visitor.follow(".object-tools a[href$='/remove/']")
    visitor.check()
    visitor.follow(".wide-form input[type=submit]")
    assert f"« {dataset.name} » est supprimé" in page.inner_text(".messagelist").replace("\u202f", " ")
    assert not ImageDataset.objects.exists()
