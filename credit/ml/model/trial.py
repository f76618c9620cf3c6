"""Loads and runs a text from outside in a process that may die in our stead: ``python -m credit.ml.model.trial``.

The reader checks all that it knows to be wrong; this shows that LightGBM's C++ takes the text as we read it.
"""

import json
import os
import resource
import signal
import subprocess
import sys
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from credit.ml.model import CreditModel, InvalidModel, Matrix, load_model
from credit.ml.model.walk import base_value, margins

_ROWS: Final = 64
_SECONDS: Final = 120
_BYTES: Final = 4 << 30  # of address space, beside some 50 times the text
#: Log-odds: the sums that are compared are of the same numbers in other orders.
_TOLERANCE: Final = 1e-6
#: LightGBM imports these if it can, and needs none to read arrays: four fifths of the time that a trial takes.
_UNUSED: Final = ("pandas", "sklearn", "matplotlib", "dask", "pyarrow")
_ONE_THREAD: Final = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


@lru_cache(maxsize=16)
def check_by_trial(text: str) -> None:
    """Raises InvalidModel unless LightGBM loads, predicts and explains the text as we understand it."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "credit.ml.model.trial"],
            cwd=Path(__file__).parents[3],
            env={**os.environ, **_ONE_THREAD},
            input=text.encode(),
            capture_output=True,
            timeout=2 * _SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise InvalidModel("too_slow", f"{2 * _SECONDS} s") from error
    if done.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        raise InvalidModel("too_slow", f"{_SECONDS} s")
    if done.returncode < 0:
        raise InvalidModel("crashes", signal.Signals(-done.returncode).name)
    try:
        fault = json.loads(done.stdout)
    except ValueError as error:  # it ended by itself without an answer: out of memory, most often
        raise InvalidModel("crashes", f"exit {done.returncode}") from error
    if fault is not None:
        raise InvalidModel(*fault)


def main() -> None:
    """Reads a text from standard input, writes null or the code and the detail of what is wrong as JSON."""
    sys.modules.update(dict.fromkeys(_UNUSED))  # type: ignore[arg-type]  # None: an import raises ImportError
    content = sys.stdin.buffer.read()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (_BYTES + 50 * len(content),) * 2)
    answer = os.dup(1)
    os.dup2(2, 1)  # what LightGBM prints is not the answer
    try:
        _try(load_model(content.decode()))
        fault = None
    except InvalidModel as error:
        fault = (error.code, error.detail)
    except MemoryError:
        fault = ("crashes", "MemoryError")
    except Exception as error:
        fault = ("refused", f"{type(error).__name__}: {error}"[:200])
    os.write(answer, json.dumps(fault).encode())


def _try(model: CreditModel) -> None:
    rows = _random_rows(model)
    inputs = np.asarray(model.inputs(rows, model.feature_names), dtype=np.float64)
    ours = margins(model.trees, inputs)
    theirs = model.margin(rows, model.feature_names)
    _compare("prediction", ours, theirs)
    parts = np.asarray(model.booster.predict(inputs, pred_contrib=True), dtype=np.float64)
    _compare("contributions", parts.sum(axis=1), ours)
    _compare("base value", parts[:, -1], np.full(len(rows), base_value(model.trees)))


def _random_rows(model: CreditModel) -> Matrix:
    """Rows (N, F) around the thresholds of each column, with blanks, zeros and numbers of all sizes."""
    generator = np.random.default_rng(0)
    rows = generator.normal(size=(_ROWS, len(model.feature_names))) * 10.0 ** generator.integers(-3, 7, (_ROWS, 1))
    for column, thresholds in _thresholds(model).items():
        near = generator.choice(thresholds, _ROWS)
        rows[:, column] = generator.choice([near, np.nextafter(near, np.inf), near - 1, near + 1, rows[:, column]])
    whole = generator.random(rows.shape) < 0.3
    rows[whole] = generator.integers(-2, 70, np.count_nonzero(whole))
    rows[generator.random(rows.shape) < 0.1] = np.nan
    rows[generator.random(rows.shape) < 0.05] = 0.0
    return rows


def _thresholds(model: CreditModel) -> dict[int, NDArray[np.float64]]:
    features = np.concatenate([tree.split_feature for tree in model.trees])
    thresholds = np.concatenate([tree.threshold for tree in model.trees])
    return {int(column): thresholds[features == column] for column in np.unique(features)}


def _compare(what: str, values: NDArray[np.float64], expected: NDArray[np.float64]) -> None:
    if not (np.abs(values - expected) <= _TOLERANCE).all():  # NaN too
        raise InvalidModel("other_numbers", what)


if __name__ == "__main__":
    main()
