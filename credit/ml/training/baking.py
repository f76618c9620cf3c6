"""Writes a calibration into the trees, so that the text model alone has it."""

import lightgbm as lgb

from credit.ml.calibration import PlattMap
from credit.ml.model import load_model


def bake(text: str, platt: PlattMap) -> str:
    """The text model whose margins are the calibrated ones: each leaf times slope, the first tree plus intercept.

    The sum of the leaves is then the calibrated margin, and SHAP values stay those of plain LightGBM.
    """
    booster = lgb.Booster(model_str=text)
    for number, tree in enumerate(load_model(text).trees):
        shift = platt.intercept if number == 0 else 0.0
        for leaf, value in enumerate(tree.leaf_value.tolist()):
            booster.set_leaf_output(number, leaf, platt.slope * value + shift)
    return str(booster.model_to_string(num_iteration=-1))
