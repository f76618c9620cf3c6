"""Writes a calibration into the trees, so that the text model carries it."""

import lightgbm as lgb

from credit.ml.calibration import PlattMap
from credit.ml.model import CreditModel


def bake(model: CreditModel, platt: PlattMap) -> str:
    """The text of ``model`` with calibrated margins: leaves times the slope, plus the intercept in the first tree.

    The leaves then add up to the calibrated margin, and SHAP values stay those of plain LightGBM.
    """
    booster = lgb.Booster(model_str=model.text)
    for number, tree in enumerate(model.trees):
        shift = platt.intercept if number == 0 else 0.0
        for leaf, value in enumerate(tree.leaf_value.tolist()):
            booster.set_leaf_output(number, leaf, platt.slope * value + shift)
    return str(booster.model_to_string(num_iteration=-1))
