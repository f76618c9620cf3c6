import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as oracle

from tests.builders.predictions import counted, drawn
from vision.ml import metrics

CLASSES = 5
LABELS = st.integers(0, CLASSES - 1)
#: Some classes are often missing among labels, predictions or both: that is where a share has no denominator.
OUTCOMES = st.lists(st.tuples(LABELS, LABELS), min_size=1, max_size=40).map(lambda pairs: np.array(pairs).T)


def counts_of(labels, predicted):
    return metrics.class_counts(metrics.confusion_matrix(labels, predicted, CLASSES))


@given(OUTCOMES)
def test_the_confusion_matrix_is_that_of_scikit_learn(outcomes):
    labels, predicted = outcomes
    ours = metrics.confusion_matrix(labels, predicted, CLASSES)
    np.testing.assert_array_equal(ours, oracle.confusion_matrix(labels, predicted, labels=range(CLASSES)))
    assert ours.sum() == len(labels)


@given(OUTCOMES)
def test_class_scores_are_those_of_scikit_learn(outcomes):
    labels, predicted = outcomes
    expected = oracle.precision_recall_fscore_support(labels, predicted, labels=range(CLASSES), zero_division=0)
    ours = metrics.class_scores(counts_of(labels, predicted))
    for name, values in zip(("precision", "recall", "f1", "support"), expected, strict=True):
        np.testing.assert_allclose([getattr(one, name) for one in ours], values, atol=1e-12)
    for number, one in enumerate(ours):
        assert (one.predicted, one.hits) == ((predicted == number).sum(), (labels[predicted == number] == number).sum())


@given(OUTCOMES, st.sampled_from(["macro", "weighted"]))
def test_averages_are_those_of_scikit_learn(outcomes, average):
    labels, predicted = outcomes
    measured = np.unique(labels)  # a class without images is not measured
    expected = oracle.precision_recall_fscore_support(
        labels, predicted, labels=measured, average=average, zero_division=0
    )[:3]
    counts = counts_of(labels, predicted)
    ours = metrics.macro_scores(counts) if average == "macro" else metrics.weighted_scores(counts)
    np.testing.assert_allclose([ours.precision, ours.recall, ours.f1], expected, atol=1e-12)
    assert float(counts.macro_f1) == pytest.approx(metrics.macro_scores(counts).f1)


@given(OUTCOMES)
def test_accuracy_is_that_of_scikit_learn_and_the_weighted_recall(outcomes):
    labels, predicted = outcomes
    counts = counts_of(labels, predicted)
    assert float(counts.accuracy) == pytest.approx(oracle.accuracy_score(labels, predicted))
    assert metrics.weighted_scores(counts).recall == pytest.approx(float(counts.accuracy))


def test_counts_of_many_data_sets_are_scored_at_once():
    pairs = [drawn(50, CLASSES, seed) for seed in range(3)]
    single = [counts_of(labels, metrics.predicted_classes(probabilities)) for labels, probabilities in pairs]
    columns = (np.stack([getattr(one, name) for one in single]) for name in ("hits", "support", "predicted"))
    together = metrics.ClassCounts(*columns)
    assert together.f1.shape == (3, CLASSES)
    np.testing.assert_array_equal(together.accuracy, [float(one.accuracy) for one in single])
    np.testing.assert_array_equal(together.macro_f1, [float(one.macro_f1) for one in single])


def test_the_first_of_equally_probable_classes_is_predicted():
    np.testing.assert_array_equal(metrics.predicted_classes(np.array([[0.4, 0.4, 0.2], [0.2, 0.4, 0.4]])), [0, 1])


@given(st.integers(0, 999), st.floats(0, 4))
def test_keras_scores_are_micro_averages_over_pairs_above_one_half(seed, skill):
    labels, probabilities = drawn(60, CLASSES, seed, skill)
    one_hot, above = np.eye(CLASSES, dtype=int)[labels], (probabilities > 0.5).astype(int)
    precision, recall, f1, _ = oracle.precision_recall_fscore_support(one_hot, above, average="micro", zero_division=0)
    ours = metrics.keras_scores(probabilities, labels)
    np.testing.assert_allclose([ours.precision, ours.recall, ours.f1], [precision, recall, f1], atol=1e-12)
    assert (ours.images, ours.predicted, ours.hits) == (60, above.sum(), (one_hot & above).sum())


def test_a_probability_of_exactly_one_half_predicts_nothing():
    ours = metrics.keras_scores(np.array([[0.5, 0.5], [0.75, 0.25]]), np.array([0, 0]))
    assert (ours.predicted, ours.hits, ours.precision, ours.recall) == (1, 1, 1.0, 0.5)


def test_without_any_sure_image_keras_scores_are_zero():
    labels, probabilities = counted(hits=0, wrong=0, unsure=9)
    ours = metrics.keras_scores(probabilities, labels)
    assert (ours.precision, ours.recall, ours.f1, ours.predicted) == (0.0, 0.0, 0.0, 0)


@given(st.integers(0, 999), st.floats(0, 4))
def test_log_loss_top_accuracy_and_macro_auc_are_those_of_scikit_learn(seed, skill):
    labels, probabilities = drawn(60, CLASSES, seed, skill)
    probabilities = np.round(probabilities, 2) + 0.001  # with equal scores
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    assert metrics.log_loss(probabilities, labels) == pytest.approx(
        oracle.log_loss(labels, probabilities, labels=range(CLASSES)), rel=1e-5
    )
    present = [label for label in range(CLASSES) if 0 < (labels == label).sum() < len(labels)]
    areas = [oracle.roc_auc_score(labels == label, probabilities[:, label]) for label in present]
    assert metrics.macro_auc(probabilities, labels) == pytest.approx(np.mean(areas))
    untied = probabilities + np.arange(CLASSES)[::-1] * 1e-6
    expected = oracle.top_k_accuracy_score(labels, untied, k=3, labels=range(CLASSES))
    assert metrics.top_accuracy(untied, labels, 3) == pytest.approx(expected)


def test_one_class_alone_has_no_area_and_an_impossible_class_a_finite_loss():
    assert metrics.macro_auc(np.array([[1.0, 0.0], [0.5, 0.5]]), np.array([0, 0])) is None
    assert metrics.log_loss(np.array([[1.0, 0.0]]), np.array([1])) == pytest.approx(15.94, abs=0.01)
