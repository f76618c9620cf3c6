"""Models trained on a DataFrame with categories, and their feature files."""

import lightgbm as lgb
import numpy as np
import pandas as pd


def a_frame(ids: list[int], seed: int = 0) -> pd.DataFrame:
    """Clients with a number, and categories of texts, whole numbers, fractions and truth values, some blank."""
    generator = np.random.default_rng(seed)
    rows = len(ids)
    frame = pd.DataFrame(
        {
            "SK_ID_CURR": ids,
            "HOUSING": generator.choice(["rent", "own", "with, parents", "é"], rows),
            "AMOUNT": generator.normal(size=rows),
            "HOUR": generator.choice([3, 7, 13, 20], rows),
            "RATE": generator.choice([0.1, 0.25, 1.5], rows),
            "NAME_EDUCATION_TYPE": generator.choice(["Higher education", "Doctorate", "Lower secondary"], rows),
            "IS_NEW": generator.choice([True, False], rows),
        }
    )
    frame.loc[generator.random(rows) < 0.1, "HOUSING"] = None
    return frame


CATEGORICAL = ("HOUSING", "HOUR", "RATE", "NAME_EDUCATION_TYPE", "IS_NEW")


def as_categories(frame: pd.DataFrame) -> pd.DataFrame:
    """What LightGBM is trained on and predicts: the same columns, five of them as categories."""
    return frame.drop(columns="SK_ID_CURR").astype(dict.fromkeys(CATEGORICAL, "category"))


def a_category_model(seed: int = 1, **columns: object) -> lgb.Booster:
    """A model in which every category matters."""
    frame = a_frame(list(range(800)), seed)
    margin = (
        2.0 * (frame["HOUSING"] == "rent")
        - 1.5 * (frame["HOUR"] == 13)
        + 1.2 * (frame["RATE"] == 0.25)
        + (frame["NAME_EDUCATION_TYPE"] == "Doctorate")
        - 1.0 * frame["IS_NEW"]
        + frame["AMOUNT"]
    )
    target = np.random.default_rng(seed).random(len(frame)) < 1 / (1 + np.exp(-margin))
    settings = {"objective": "binary", "verbosity": -1, "num_threads": 1, "min_data_per_group": 5, "cat_smooth": 1}
    return lgb.train(settings, lgb.Dataset(as_categories(frame).assign(**columns), target.astype(int)), 15)
