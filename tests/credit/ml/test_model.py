import multiprocessing
import os
import subprocess
import sys

import lightgbm as lgb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credit.ml.model import MissingColumns, load_model, text_sha256
from tests.builders.lightgbm_models import NAMES, clients, model_text

TEXT = model_text()
MODEL = load_model(TEXT)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_predictions_equal_lightgbms_to_the_last_digit(dtype):
    matrix, _ = clients(500, seed=1, dtype=dtype)
    booster = lgb.Booster(model_str=TEXT)
    np.testing.assert_array_equal(MODEL.predict(matrix, NAMES), booster.predict(matrix))
    np.testing.assert_array_equal(MODEL.margin(matrix, NAMES), booster.predict(matrix, raw_score=True))


def test_one_row_gives_the_same_digits_as_many_rows():
    matrix, _ = clients(300, seed=2)
    matrix[0] = 1e-36  # LightGBM treats a number this small as zero
    singles = [MODEL.predict(matrix[i : i + 1], NAMES)[0] for i in range(len(matrix))]
    np.testing.assert_array_equal(singles, MODEL.predict(matrix, NAMES))
    margins = [MODEL.margin(matrix[i : i + 1], NAMES)[0] for i in range(len(matrix))]
    np.testing.assert_array_equal(margins, MODEL.margin(matrix, NAMES))


@settings(max_examples=20, deadline=None)
@given(st.permutations(range(len(NAMES) + 2)), st.sampled_from([1, 7]))
def test_the_order_of_columns_changes_nothing(order, rows):
    matrix, _ = clients(rows, seed=3)
    wide = np.hstack([matrix, np.full((rows, 2), 99.0)])
    names = (*NAMES, "UNUSED", "OTHER")
    shuffled = tuple(names[i] for i in order)
    np.testing.assert_array_equal(MODEL.predict(wide[:, order], shuffled), MODEL.predict(matrix, NAMES))


def test_a_missing_column_is_named():
    matrix, _ = clients(5)
    with pytest.raises(MissingColumns, match="DAYS_BIRTH, CNT_CHILDREN") as caught:
        MODEL.predict(matrix[:, [0, 2, 3, 5]], [NAMES[i] for i in (0, 2, 3, 5)])
    assert caught.value.names == ("DAYS_BIRTH", "CNT_CHILDREN")


def test_names_that_do_not_fit_the_matrix_are_refused():
    matrix, _ = clients(5)
    with pytest.raises(ValueError, match="for 5 column names"):
        MODEL.predict(matrix, NAMES[:5])
    with pytest.raises(ValueError, match="duplicate column name"):
        MODEL.predict(matrix, (*NAMES[:5], NAMES[0]))


def test_a_column_name_with_spaces_matches_lightgbms_underscores():
    names = ("NAME_TYPE_Cash loans", *NAMES[1:])
    model = load_model(model_text(names=names))
    assert model.feature_names[0] == "NAME_TYPE_Cash_loans"
    matrix, _ = clients(9)
    np.testing.assert_array_equal(model.predict(matrix, names), model.predict(matrix, model.feature_names))


def test_the_text_round_trips():
    assert load_model(MODEL.booster.model_to_string(num_iteration=-1)).sha256 == MODEL.sha256 == text_sha256(TEXT)


def _use_after_fork(queue):
    matrix, _ = clients(3)
    try:
        MODEL.predict(matrix, NAMES)
    except RuntimeError as error:
        queue.put(str(error))


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_use_after_a_fork_fails_at_once_instead_of_hanging():
    matrix, _ = clients(3)
    MODEL.predict(matrix, NAMES)
    context = multiprocessing.get_context("fork")
    queue = context.SimpleQueue()
    child = context.Process(target=_use_after_fork, args=(queue,))
    child.start()
    child.join(20)
    assert child.exitcode == 0
    assert "forked" in queue.get()


def test_importing_the_web_modules_loads_no_heavy_library():
    code = (
        "import sys, credit.ml.model, credit.ml.card, credit.ml.explanation, credit.ml.threshold, credit.ml.advice\n"
        "sys.exit(', '.join({'shap', 'numba', 'torch', 'django'} & set(sys.modules)))"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, env=os.environ)
    assert answer.stderr.strip() == ""
