"""LightGBM's side of a model: the only module that a prediction needs it in.

``CreditModel`` imports this at its first prediction. LightGBM brings scikit-learn, scipy and pandas, half of what a
process spends until it is ready; most processes, among them a web process that shows stored scores, never predict.
"""

import ctypes
import threading
import weakref
from typing import Final

import lightgbm as lgb
import numpy as np
from lightgbm.basic import _safe_call  # the package has no public names for its C library
from lightgbm.libpath import _LIB
from numpy.typing import NDArray

from credit.ml.model.text import InvalidModel

_FLOAT64: Final = 1
_NORMAL: Final = 0
_RAW: Final = 1


def load_booster(text: str) -> lgb.Booster:
    """LightGBM's own object of a model text; raises InvalidModel where LightGBM refuses what our checks let pass."""
    try:
        return lgb.Booster(model_str=text)
    except lgb.basic.LightGBMError as error:
        raise InvalidModel("refused", str(error)) from error


class SingleRowPredictor:
    """Output for one row of a booster, about twice as fast as ``Booster.predict``, through the C interface.

    Safe to share between threads, not between processes.
    """

    def __init__(self, booster: lgb.Booster, *, raw: bool) -> None:
        self._booster = booster  # keeps the handle alive
        self._lock = threading.Lock()
        self._config = ctypes.c_void_p()
        self._length = ctypes.c_int64()
        self._result = ctypes.c_double()
        _safe_call(
            _LIB.LGBM_BoosterPredictForMatSingleRowFastInit(
                booster._handle,
                ctypes.c_int(_RAW if raw else _NORMAL),
                ctypes.c_int(0),
                ctypes.c_int(-1),
                ctypes.c_int(_FLOAT64),
                ctypes.c_int32(booster.num_feature()),
                b"num_threads=1",
                ctypes.byref(self._config),
            )
        )
        weakref.finalize(self, _LIB.LGBM_FastConfigFree, self._config)

    def __call__(self, row: NDArray[np.float64]) -> float:
        """Output for ``row``, contiguous float64 (F,) in the booster's column order."""
        with self._lock:
            _safe_call(
                _LIB.LGBM_BoosterPredictForMatSingleRowFast(
                    self._config,
                    ctypes.c_void_p(row.ctypes.data),
                    ctypes.byref(self._length),
                    ctypes.byref(self._result),
                )
            )
            return self._result.value
