"""Features summed by theme: a theme is what a reason speaks of."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from credit.ml.catalogue import variable_named


def theme_sums(names: tuple[str, ...], values: NDArray[np.float64]) -> dict[str, float]:
    """The values (F,) of each theme's features added up, the largest sum first whatever its sign; no zeros."""
    themes, places = _themes(names)
    sums = np.bincount(places, weights=values, minlength=len(themes))
    return {themes[place]: float(sums[place]) for place in np.argsort(-np.abs(sums), kind="stable") if sums[place]}


@lru_cache(maxsize=8)
def _themes(names: tuple[str, ...]) -> tuple[tuple[str, ...], NDArray[np.intp]]:
    """The themes of a model's features, and the position of each feature's theme among them, (F,)."""
    theme_of_feature = [variable_named(name).theme for name in names]
    themes = tuple(dict.fromkeys(theme_of_feature))
    return themes, np.array([themes.index(theme) for theme in theme_of_feature], np.intp)
