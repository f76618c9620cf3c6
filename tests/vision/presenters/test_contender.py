"""One contender's sentence, its table per class and its confusion matrix."""

from dataclasses import replace

import numpy as np
import pytest

from tests.builders.predictions import counted, split_of
from vision.ml.evaluation import Evaluation, evaluate
from vision.ml.types import Part
from vision.models import ContenderResult
from vision.presenters.confusion import present_confusion
from vision.presenters.contender import class_table, part_sentence, quality_facts
from vision.presenters.contender_charts import class_chart
from vision.selectors.benchmarks import Measurement

CLASSES = ("Lamp", "Watch")


def measured(hits: int = 3, wrong: int = 1) -> Evaluation:
    """All images are test images; a wrong one is predicted to be of the other class."""
    labels, probabilities = counted(hits, wrong, 0, classes=len(CLASSES))
    return evaluate(probabilities, labels, CLASSES, split_of([Part.TEST] * len(labels)))


@pytest.mark.parametrize(
    ("part", "sentence"),
    [
        (Part.TEST, "3 of 4 test images are correctly classified: 75.0% (95% interval from 30.1% to 95.4%)."),
        (
            Part.VALIDATION,
            "3 of 4 validation images are correctly classified: 75.0%. Used to pick the epoch, so optimistic.",
        ),
        (Part.TRAIN, "3 of 4 training images are correctly classified: 75.0%. Used for training, so optimistic."),
    ],
)
def test_an_accuracy_says_how_far_it_can_be_trusted(part: Part, sentence: str) -> None:
    assert part_sentence(measured().test, part) == sentence


def test_the_table_has_a_row_per_class_then_the_averages() -> None:
    evaluation = measured()
    table = class_table(evaluation, evaluation.test)
    assert [(row[0], row[1], *row[4:]) for row in table.rows] == [
        ("Lamp", "66.7%", "2", "34.2% to 100.0%"),
        ("Watch", "100.0%", "2", "9.5% to 90.5%"),
        ("macro average", "83.3%", "4", ""),
        ("weighted average", "83.3%", "4", ""),
        ("micro average of probabilities above 0.5 (Keras)", "75.0%", "4", ""),
    ]


def test_a_class_without_images_is_not_measured_and_never_the_weakest() -> None:
    labels, probabilities = counted(3, 1, 0, classes=2)
    probabilities = np.pad(probabilities, ((0, 0), (0, 1)))
    evaluation = evaluate(probabilities, labels, (*CLASSES, "Mug"), split_of([Part.TEST] * len(labels)))
    chart, table = class_chart(evaluation, evaluation.test, {}), class_table(evaluation, evaluation.test)
    assert "Mug" not in chart.labels
    assert chart.conclusion == (
        "The weakest class is “Watch”, with an F1 of 66.7%. Not measured here, without images: Mug."
    )
    assert table.rows[2] == ("Mug", "–", "–", "–", "0", "")
    assert table.rows[3][0] == "macro average of the 2 classes with images"


def test_a_class_that_no_fold_could_train_on_is_never_the_weakest() -> None:
    evaluation = measured()  # Watch has the lower F1
    assert class_chart(evaluation, evaluation.test, {"Watch": 1}).conclusion == (
        "The weakest class is “Lamp”, with an F1 of 80.0%. "
        "Too few different images to train, validate and test: Watch (1)."
    )
    assert "weakest" not in class_chart(evaluation, evaluation.test, {"Lamp": 2, "Watch": 1}).conclusion


def test_a_cell_links_to_its_images_and_is_shaded_by_its_share_of_the_row() -> None:
    evaluation = measured(hits=24, wrong=1)
    shown = Measurement((ContenderResult(run_id=7, contender="vgg16", seed=0, fold=0),))
    rows = present_confusion(shown, CLASSES, evaluation.test, Part.TEST)
    (lamp, (correct, wrong)), (_watch, (empty, _correct)) = rows
    assert (lamp, correct.count, correct.tenths, correct.is_correct) == ("Lamp", 12, 9, True)
    assert (wrong.count, wrong.tenths, wrong.label) == (1, 1, "1 image of “Lamp” classified as “Watch”")
    assert wrong.url == "/vision/runs/7/images/?contender=vgg16&seed=0&fold=0&part=test&true=0&predicted=1"
    assert (empty.count, empty.tenths, empty.url) == (0, 0, "")


def test_figures_of_the_probabilities_are_dashes_where_older_results_lack_them() -> None:
    figures = replace(measured().test, log_loss=None, macro_auc=None)
    facts = dict(quality_facts(figures))
    assert facts["Log-loss (nats)"] == facts["Macro AUC, one class against the rest"] == "–"
    assert dict(quality_facts(measured().test))["Log-loss (nats)"] == "0.612"
