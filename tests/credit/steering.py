"""What the tests of policies and monitoring start from: an active model with out-of-fold predictions."""

import numpy as np

from credit.models import ModelVersion, OutOfFold
from credit.selectors.policies import OutOfFoldRows
from tests.credit.client_files import an_active_model


def out_of_fold(rows: int = 400, seed: int = 0) -> OutOfFoldRows:
    """Calibrated predictions of clients 1..rows, about one in nine bad."""
    generator = np.random.default_rng(seed)
    probability = generator.beta(1.0, 8.0, rows)
    target = (generator.random(rows) < probability).astype(np.int8)
    target[:2] = 0, 1
    return OutOfFoldRows(np.arange(1, rows + 1, dtype=np.int64), probability, target)


def keep_out_of_fold(version: ModelVersion, rows: OutOfFoldRows) -> None:
    OutOfFold.objects.create(
        model_version=version,
        client_ids=rows.client_ids.astype("<i8").tobytes(),
        probabilities=rows.probability.astype("<f8").tobytes(),
        targets=rows.target.astype(np.int8).tobytes(),
    )


def a_measured_model(rows: int = 400) -> ModelVersion:
    """The active model, with out-of-fold predictions of clients 1..rows."""
    version = an_active_model()
    keep_out_of_fold(version, out_of_fold(rows))
    return version
