import json
from dataclasses import asdict, replace

import numpy as np
import pytest
from sklearn.metrics import brier_score_loss

from credit.ml.calibration import sigmoid
from credit.ml.card import ModelCard, TrainingConfig
from credit.ml.catalogue import describe
from credit.ml.metrics import roc_auc
from credit.ml.model import load_model
from credit.ml.records import InvalidRecord, from_json
from credit.ml.training import UnusableData, train
from credit.ml.training.preparation import stratified_folds, usable_columns
from tests.builders.lightgbm_models import NAMES, clients

CONFIG = TrainingConfig(
    folds=3,
    learning_rate=0.1,
    max_rounds=60,
    early_stopping_rounds=10,
    num_threads=1,
    feature_fraction=0.8,
    resamples=30,
)
MATRIX, TARGET = clients(3000, seed=11, dtype=np.float32)


@pytest.fixture(scope="module")
def trained():
    return train(MATRIX, TARGET, NAMES, CONFIG)


def test_the_same_data_and_config_give_the_same_model(trained):
    again = train(MATRIX, TARGET, NAMES, CONFIG)
    assert again.text == trained.text
    assert again.fold_texts == trained.fold_texts
    assert again.card == trained.card
    assert train(MATRIX, TARGET, NAMES, replace(CONFIG, seed=1)).text != trained.text


def test_out_of_fold_probabilities_come_from_models_that_did_not_see_the_row(trained):
    for number, text in enumerate(trained.fold_texts):
        rows = trained.fold == number
        direct = load_model(text).predict(MATRIX[rows], NAMES)
        # the fold's text carries the map of all folds, the reported probability the map of the others
        assert roc_auc(TARGET[rows], direct) == roc_auc(TARGET[rows], trained.out_of_fold[rows])
        np.testing.assert_allclose(direct, trained.out_of_fold[rows], atol=0.08)
    assert roc_auc(TARGET, trained.out_of_fold) < roc_auc(TARGET, load_model(trained.text).predict(MATRIX, NAMES))


def test_out_of_fold_probabilities_are_calibrated(trained):
    assert trained.out_of_fold.mean() == pytest.approx(TARGET.mean(), abs=0.01)
    for group in trained.card.evaluation.calibration_bins:
        assert group.low - 0.05 < group.mean_predicted < group.high + 0.05


def test_the_card_reports_what_the_model_has_learned(trained):
    measured = trained.card.evaluation.intervals
    assert measured.roc_auc.value == pytest.approx(roc_auc(TARGET, trained.out_of_fold))
    assert measured.brier.value == pytest.approx(brier_score_loss(TARGET, trained.out_of_fold))
    assert measured.roc_auc.value > 0.7
    assert measured.cost_per_client.value == pytest.approx(trained.card.threshold.cost_per_client)
    assert trained.card.model_sha256 == load_model(trained.text).sha256
    assert sum(feature.share for feature in trained.card.importance) == pytest.approx(1)
    assert trained.card.importance[0].name == "AMT_CREDIT"


def test_contributions_of_the_trained_model_add_up(trained):
    model = load_model(trained.text)
    parts = model.booster.predict(MATRIX[:50], pred_contrib=True)
    np.testing.assert_allclose(sigmoid(parts.sum(axis=1)), model.predict(MATRIX[:50], NAMES), atol=1e-12)


def test_finished_folds_are_not_trained_again_and_change_nothing(trained):
    done: dict[int, str] = {}

    class StoppedError(Exception):
        pass

    def stop_in_the_second_fold(done_rounds: int, total: int, message: str) -> None:
        if message.startswith("fold 2"):
            raise StoppedError

    with pytest.raises(StoppedError):
        train(MATRIX, TARGET, NAMES, CONFIG, stop_in_the_second_fold, on_fold=done.__setitem__)
    assert list(done) == [0]
    stages = []
    resumed = train(
        MATRIX,
        TARGET,
        NAMES,
        CONFIG,
        lambda d, t, message: stages.append(message),
        finished=done,
        on_fold=done.__setitem__,
    )
    assert not any(stage.startswith("fold 1") for stage in stages)
    assert sorted(done) == [0, 1, 2]
    assert resumed.text == trained.text


def test_progress_rises_to_its_total_and_is_reported_often():
    calls = []
    train(MATRIX, TARGET, NAMES, CONFIG, lambda done, total, message: calls.append((done, total)))
    done = [call[0] for call in calls]
    assert done == sorted(done)
    assert len(calls) > 10
    assert {total for _, total in calls} == {calls[0][1]}
    assert done[-1] <= calls[0][1]


def test_columns_that_cannot_be_split_are_left_out():
    rare = np.zeros(len(TARGET), dtype=np.float32)
    rare[: CONFIG.min_data_in_leaf - 1] = 1
    blank = np.full(len(TARGET), np.nan, dtype=np.float32)
    constant = np.ones(len(TARGET), dtype=np.float32)
    wide = np.column_stack([constant, MATRIX, blank, rare])
    model = train(wide, TARGET, ("CONSTANT", *NAMES, "BLANK", "RARE"), CONFIG)
    assert load_model(model.text).feature_names == NAMES
    assert model.card.data.features == len(NAMES)
    np.testing.assert_array_equal(
        usable_columns(np.column_stack([rare, constant, blank]), CONFIG.min_data_in_leaf - 1), [True, False, False]
    )


def test_more_of_a_variable_with_a_direction_never_moves_the_risk_the_other_way(trained):
    moves = []
    for name in NAMES:
        sign = describe(name).direction
        lower, upper = (np.array(MATRIX[:300], copy=True) for _side in range(2))
        column = NAMES.index(name)
        known = MATRIX[:, column][~np.isnan(MATRIX[:, column])]
        lower[:, column], upper[:, column] = np.quantile(known, [0.2, 0.8])
        moved = load_model(trained.text).margin(upper, NAMES) - load_model(trained.text).margin(lower, NAMES)
        if sign:
            assert (sign * moved >= -1e-12).all(), name
            moves.append(np.abs(moved).max())
    assert len(moves) == trained.card.monotone_features > 1
    assert max(moves) > 0.1
    free = train(MATRIX, TARGET, NAMES, replace(CONFIG, is_monotone=False))
    assert free.card.monotone_features == 0
    assert free.text != trained.text


def test_folds_are_stratified_and_seeded():
    fold = stratified_folds(TARGET, 5, seed=1)
    sizes = np.bincount(fold)
    bad = np.bincount(fold, weights=TARGET)
    assert sizes.max() - sizes.min() <= 1
    assert bad.max() - bad.min() <= 1
    np.testing.assert_array_equal(fold, stratified_folds(TARGET, 5, seed=1))
    assert (fold != stratified_folds(TARGET, 5, seed=2)).any()


@pytest.mark.parametrize(
    ("matrix", "target", "names", "message"),
    [
        (MATRIX[:, :5], TARGET, NAMES, "columns"),
        (MATRIX[:10], TARGET, NAMES, "outcomes"),
        (MATRIX, TARGET, ("CODE_GENDER", *NAMES[1:]), "protected columns: CODE_GENDER"),
        (MATRIX, TARGET, (*NAMES[:5], NAMES[0]), "duplicate column name"),
        (MATRIX, TARGET + 1, NAMES, "neither 0 nor 1"),
        (MATRIX, np.zeros_like(TARGET), NAMES, "0 clients of one outcome"),
        (np.zeros_like(MATRIX), TARGET, NAMES, "no column varies"),
    ],
)
def test_unusable_data_are_refused_with_a_reason(matrix, target, names, message):
    with pytest.raises(UnusableData, match=message):
        train(matrix, target, names, CONFIG)


def test_a_card_round_trips_through_json(trained):
    payload = json.loads(json.dumps(asdict(trained.card), allow_nan=False))
    assert from_json(ModelCard, payload) == trained.card


def test_a_card_of_a_model_trained_elsewhere_may_be_almost_empty():
    card = from_json(ModelCard, {"model_sha256": "ab", "costs": {"false_negative": 5}})
    assert (card.costs.false_negative, card.costs.false_positive, card.evaluation) == (5.0, 1.0, None)


@pytest.mark.parametrize(
    ("payload", "message"),
    [
        ({}, "model_sha256"),
        ({"model_sha256": 3}, "model_sha256: .*valid string"),
        ({"model_sha256": "a", "schema_version": 2}, "schema_version: .* 1"),
        ({"model_sha256": "a", "colour": "red"}, "colour: "),
        ({"model_sha256": "a", "threshold": {"threshold": "high"}}, "threshold.threshold: .*valid number"),
        ({"model_sha256": "a", "limits": ["none"]}, r"limits\[0\]: .*trained_elsewhere"),
        ({"model_sha256": "a", "importance": {"name": "x"}}, "importance: .*valid array"),
        ({"model_sha256": "a", "calibration": {"slope": 1}}, "calibration.intercept: "),
    ],
)
def test_a_payload_that_does_not_have_the_form_of_a_card_is_refused_naming_the_field(payload, message):
    with pytest.raises(InvalidRecord, match=message):
        from_json(ModelCard, payload)
