"""Predicts one row through LightGBM's C interface, about twice as fast as ``Booster.predict``."""

import ctypes
import threading
from typing import Final

import lightgbm as lgb
import numpy as np
from lightgbm.basic import _safe_call  # the package has no public names for its C library
from lightgbm.libpath import _LIB
from numpy.typing import NDArray

_FLOAT64: Final = 1
_NORMAL: Final = 0
_RAW: Final = 1


class SingleRowPredictor:
    """Output for one row of a booster; safe to share between threads, not between processes."""

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

    def __del__(self) -> None:
        if self._config:
            _LIB.LGBM_FastConfigFree(self._config)
