import json
import subprocess
import sys
import time

import numpy as np
import pytest
from sklearn import metrics as oracle

from tests.builders.predictions import dataset_of, drawn, folds_of, run_of, split_of
from vision.ml import calibration, records
from vision.ml.evaluation import Evaluation, evaluate, evaluate_run
from vision.ml.statistics import wilson
from vision.ml.types import BenchmarkError, Part

CLASSES = tuple("abcdefg")
LABELS, PROBABILITIES = drawn(1047, 7, seed=0)
SPLIT = folds_of(1047, 5)[0]


@pytest.fixture(scope="module")
def evaluation():
    return evaluate(PROBABILITIES, LABELS, CLASSES, SPLIT)


@pytest.mark.parametrize("part", list(Part))
def test_each_part_is_evaluated_on_its_own_images(evaluation, part):
    rows, figures = SPLIT.positions(part), evaluation.part(part)
    labels, probabilities = LABELS[rows], PROBABILITIES[rows]
    predicted = probabilities.argmax(axis=1)
    assert (figures.images, figures.hits) == (len(rows), (labels == predicted).sum())
    assert figures.accuracy == pytest.approx(oracle.accuracy_score(labels, predicted))
    assert figures.macro.f1 == pytest.approx(oracle.f1_score(labels, predicted, average="macro"))
    assert figures.weighted.precision == pytest.approx(oracle.precision_score(labels, predicted, average="weighted"))
    np.testing.assert_array_equal(figures.confusion, oracle.confusion_matrix(labels, predicted))
    assert figures.brier == pytest.approx(calibration.brier(probabilities, labels))
    assert [one.support for one in figures.per_class] == np.bincount(labels).tolist()


def test_intervals_hold_the_accuracy_and_agree_with_each_other(evaluation):
    test = evaluation.test
    assert test.accuracy_interval == wilson(test.hits, test.images)
    assert test.accuracy_bootstrap.low < test.accuracy < test.accuracy_bootstrap.high
    assert test.macro_f1_bootstrap.low < test.macro.f1 < test.macro_f1_bootstrap.high
    assert test.accuracy_bootstrap.low == pytest.approx(test.accuracy_interval.low, abs=0.01)
    assert test.accuracy_bootstrap.high == pytest.approx(test.accuracy_interval.high, abs=0.01)


def test_reliability_and_abstention_cover_the_part(evaluation):
    test = evaluation.test
    assert sum(one.count for one in test.reliability) == test.images
    assert test.abstention[-1].accuracy == pytest.approx(test.accuracy)
    assert test.calibration_error == pytest.approx(calibration.expected_calibration_error(test.reliability))
    assert 0 < test.risk_coverage_area < 1 - test.accuracy


def test_an_evaluation_survives_json(evaluation):
    text = json.dumps(records.to_json(evaluation), allow_nan=False)
    assert records.from_json(Evaluation, json.loads(text)) == evaluation


def test_an_evaluation_is_the_same_each_time(evaluation):
    assert evaluate(PROBABILITIES, LABELS, CLASSES, SPLIT) == evaluation


def test_a_run_is_evaluated_with_its_identical_images_together(evaluation):
    alike = [f"content-{row // 4}" for row in range(1047)]
    run = run_of("vgg16", SPLIT, PROBABILITIES)
    together = evaluate_run(run, dataset_of(LABELS, 7, alike))
    assert together.test.accuracy == evaluation.test.accuracy
    assert together.test.accuracy_bootstrap != evaluation.test.accuracy_bootstrap
    assert evaluate_run(run, dataset_of(LABELS, 7)).test == evaluation.test


def test_a_part_without_images_has_no_figures():
    split = split_of([Part.TEST] * 4)
    found = evaluate(PROBABILITIES[:4], LABELS[:4], CLASSES, split)
    assert (found.train, found.validation, found.test.images) == (None, None, 4)
    assert records.from_json(Evaluation, records.to_json(found)) == found


def test_a_class_that_never_occurs_has_zeros_and_stays_out_of_the_macro_average():
    labels = np.array([0, 0, 1, 1])
    probabilities = np.eye(3)[labels]
    found = evaluate(probabilities, labels, ("a", "b", "c"), split_of([Part.TEST] * 4)).test
    assert (found.per_class[2].support, found.per_class[2].f1, found.macro.f1) == (0, 0.0, 1.0)


def test_a_split_without_test_images_is_refused():
    with pytest.raises(BenchmarkError, match="no image to test on"):
        evaluate(PROBABILITIES[:4], LABELS[:4], CLASSES, split_of([Part.TRAIN] * 4))


def test_results_of_another_data_set_are_refused():
    with pytest.raises(BenchmarkError, match="not those of this data set"):
        evaluate(PROBABILITIES[:, :6], LABELS, CLASSES, SPLIT)
    with pytest.raises(BenchmarkError, match="not those of this data set"):
        evaluate(PROBABILITIES[:5], LABELS[:5], CLASSES, SPLIT)


def test_probabilities_of_a_training_that_diverged_are_refused():
    broken = PROBABILITIES.copy()
    broken[3, 2] = np.nan
    with pytest.raises(BenchmarkError, match="diverged"):
        evaluate(broken, LABELS, CLASSES, SPLIT)


def test_evaluating_takes_milliseconds():
    started = time.process_time()
    for _ in range(5):
        evaluate(PROBABILITIES, LABELS, CLASSES, SPLIT)
    assert (time.process_time() - started) / 5 < 0.25  # 0.025 on an idle core; scikit-learn's loop takes ten seconds


def test_figures_need_no_heavy_library():
    program = (
        "import sys, vision.ml.report; "
        "print(sorted({'torch', 'scipy', 'sklearn', 'pandas', 'PIL', 'django'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
