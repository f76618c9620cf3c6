import re

import numpy as np
import pytest

from tests.builders.predictions import counted, split_of
from vision.ml.evaluation import evaluate
from vision.ml.original_study import (
    FAULTS,
    PROTOCOL,
    PUBLISHED,
    Counting,
    counted_as_published,
    counting_of,
)
from vision.ml.statistics import wilson
from vision.ml.types import Part

CLASSES = tuple("abcdefg")
VGG16, CLIP = PUBLISHED
#: VGG16's images above 0.5 that are right, above 0.5 that are wrong, and without a class above 0.5.
VGG16_TRAIN, VGG16_TEST = (527, 577 - 527, 675 - 577), (93, 107 - 93, 150 - 107)
#: CLIP's right and wrong images among those it could learn from (validation included) and among those it was tested on.
CLIP_KNOWN, CLIP_TEST = (741, 900 - 741, 0), (116, 150 - 116, 0)


def evaluated(train, test, validation_share=0.0):
    """An evaluation of runs with these counts, the last of the training images being validation images."""
    known, tested = counted(*train), counted(*test)
    validation = round(len(known[0]) * validation_share)
    parts = [Part.TRAIN] * (len(known[0]) - validation) + [Part.VALIDATION] * validation + [Part.TEST] * len(tested[0])
    labels, probabilities = (np.concatenate([one, other]) for one, other in zip(known, tested, strict=True))
    return evaluate(probabilities, labels, CLASSES, split_of(parts))


def test_vgg16s_row_comes_from_its_counts():
    evaluation = evaluated(VGG16_TRAIN, VGG16_TEST)
    found = counted_as_published(evaluation, Counting.KERAS)
    assert (round(found.train.precision, 4), round(found.train.recall, 4)) == (0.9133, 0.7807)
    assert (round(found.test.precision, 4), round(found.test.recall, 4)) == (0.8692, 0.6200)
    assert round(found.test.f1, 4) == VGG16.test.f1 == 0.7237
    keras = evaluation.test.keras
    assert (keras.hits, keras.predicted, keras.images) == (93, 107, 150)
    assert keras.images - keras.predicted == 43


def test_vgg16s_printed_training_f1_does_not_follow():
    found = counted_as_published(evaluated(VGG16_TRAIN, VGG16_TEST), Counting.KERAS)
    precision, recall = VGG16.train.precision, VGG16.train.recall
    assert round(2 * precision * recall / (precision + recall), 4) == 0.8418
    assert round(found.train.f1, 4) == 0.8419  # before its precision and recall are rounded
    assert VGG16.train.f1 == 0.8423


def test_validation_images_are_outside_vgg16s_training_row():
    evaluation = evaluated((527 + 150, 50 + 25, 98 + 50), VGG16_TEST, validation_share=0.25)
    found = counted_as_published(evaluation, Counting.KERAS)
    assert (evaluation.train.keras.images, evaluation.validation.images) == (675, 225)
    assert found.train.recall == evaluation.train.keras.recall == evaluation.train.keras.hits / 675


def test_clips_recall_comes_from_its_counts():
    evaluation = evaluated(CLIP_KNOWN, CLIP_TEST, validation_share=0.25)
    found = counted_as_published(evaluation, Counting.WEIGHTED)
    assert (evaluation.train.images, evaluation.validation.images) == (675, 225)
    assert round(found.train.recall, 4) == CLIP.train.recall == 0.8233
    assert round(found.test.recall, 4) == CLIP.test.recall == 0.7733
    assert found.test.recall == pytest.approx(evaluation.test.accuracy)


@pytest.mark.parametrize("row", PUBLISHED, ids=lambda row: row.contender)
@pytest.mark.parametrize("part", ["train", "test"])
def test_printed_shares_are_those_of_the_printed_counts(row, part):
    scores = getattr(row, part)
    assert scores.recall == round(scores.hits / scores.images, 4)
    if row.counting is Counting.KERAS:
        assert scores.precision == round(scores.hits / scores.predicted, 4)
        assert scores.predicted < scores.images
    else:
        assert scores.predicted == scores.images


def test_the_same_predictions_get_other_scores_in_each_way():
    evaluation = evaluated(VGG16_TRAIN, VGG16_TEST)
    keras, weighted = (counted_as_published(evaluation, way).test for way in Counting)
    assert keras.precision > weighted.precision
    assert weighted.recall == pytest.approx(93 / 150)


def test_a_run_without_training_images_has_no_training_row():
    labels, probabilities = counted(5, 2, 1)
    evaluation = evaluate(probabilities, labels, CLASSES, split_of([Part.TEST] * 8))
    assert [counted_as_published(evaluation, way).train for way in Counting] == [None, None]


@pytest.mark.parametrize(
    ("contender", "counting"),
    [
        ("vgg16", Counting.KERAS),
        ("squeezenet1_1", Counting.KERAS),
        ("clip-zero-shot", Counting.WEIGHTED),
        ("siglip2-linear-probe", Counting.WEIGHTED),
    ],
)
def test_contenders_are_counted_as_their_like_was(contender, counting):
    assert counting_of(contender) is counting


def test_published_rows_are_repeated_by_contenders_counted_alike():
    assert [counting_of(row.contender) for row in PUBLISHED] == [row.counting for row in PUBLISHED]


def sentence(key):
    return next(fault.sentence for fault in FAULTS if fault.key == key)


def test_the_intervals_shown_are_those_of_the_counts():
    vgg16 = 110  # its test images whose most probable class is right
    for hits in (CLIP.test.hits, vgg16):
        interval = wilson(hits, 150)
        assert f"{100 * interval.low:.0f} to {100 * interval.high:.0f}%" in sentence("no_interval")
        assert f"{hits} right" in sentence("no_interval")
    assert wilson(116, 150).low < wilson(110, 150).high


def test_the_f1_shown_is_that_of_the_printed_shares_and_of_the_counts():
    train = VGG16.train
    shares = 2 * train.precision * train.recall / (train.precision + train.recall)
    assert f"{100 * shares:.2f}%" in sentence("wrong_f1")
    assert f"{200 * train.hits / (train.predicted + train.images):.2f}%" in sentence("wrong_f1")


def test_keys_are_unique_and_every_fault_says_what_is_done_instead():
    for entries in (FAULTS, PROTOCOL):
        keys = [one.key for one in entries]
        assert len(set(keys)) == len(keys)
        assert all(re.fullmatch("[a-z0-9_]+", key) for key in keys)
    assert all(fault.sentence.endswith(".") and fault.repair.endswith(".") for fault in FAULTS)
