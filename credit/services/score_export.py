"""Scores and explanations of a model version as a file, row by row exact and in bounded memory."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
from django.utils.translation import gettext as _

from credit.ml.columns import CLIENT_ID
from credit.ml.explanation import stored_contributions
from credit.models import Explanation, ModelVersion, Score
from pretadepenser.core.audit import record
from pretadepenser.core.errors import ApplicationError, ConflictError
from pretadepenser.core.models import Actor

_CELLS_AT_ONCE: Final = 4_000_000  # 32 MB of contributions
_SUFFIXES: Final = (".csv", ".parquet")


def export_scores(*, model_version: ModelVersion, path: Path, by: Actor) -> int:
    """Writes one row per scored client to a .csv or .parquet file, by ascending SK_ID_CURR; returns the row count.

    Columns: SK_ID_CURR, probability, base_value, contribution_<FEATURE> in the order of the model, model_version.
    Contributions are blank for a client without an explanation. Numbers are as stored; CSV has the shortest text that
    reads back the same. The file is complete or absent, and readable by its owner only: it holds personal data.
    Raises ApplicationError.
    """
    if path.suffix.lower() not in _SUFFIXES:
        raise ApplicationError(_("The name of the file must end in .csv or .parquet."), field="file")
    if not path.absolute().parent.is_dir():
        raise ApplicationError(_("The folder %(folder)s does not exist.") % {"folder": path.parent}, field="file")
    if model_version.suspended_at is not None:
        sentence = _("Version %(number)d is suspended: its scores are not exported until it is resumed.")
        raise ConflictError(sentence % {"number": model_version.number}, code="suspended")
    if not Score.objects.filter(model_version=model_version).exists():
        sentence = _("Version %(number)d has no scores yet: run score_clients first.")
        raise ApplicationError(sentence % {"number": model_version.number}, code="no_scores")
    with tempfile.TemporaryDirectory(dir=path.absolute().parent, prefix=".export-") as folder:
        rows = _write(model_version, Path(folder), path)
    record("scores.exported", by=by, target=model_version, detail={"clients": rows})
    return rows


def _write(model_version: ModelVersion, folder: Path, path: Path) -> int:
    """Writes parts, joins them into one file, then moves that file into place."""
    rows = 0
    for number, part in enumerate(_parts(model_version)):
        part.write_parquet(folder / f"{number:06}.part")
        rows += len(part)
    whole = folder / path.name
    parts = pl.scan_parquet(folder / "*.part")
    if path.suffix.lower() == ".csv":
        parts.sink_csv(whole)
    else:
        parts.sink_parquet(whole)
    whole.chmod(0o600)
    with whole.open("rb") as stream:
        os.fsync(stream.fileno())
    whole.replace(path)
    return rows


def _parts(model_version: ModelVersion) -> Iterator[pl.DataFrame]:
    names = model_version.feature_names
    size = max(1, _CELLS_AT_ONCE // len(names))
    last = -1
    while True:
        scores = Score.objects.filter(model_version=model_version, client__gt=last).order_by("client")
        probabilities = dict(scores.values_list("client", "probability")[:size])
        if not probabilities:
            return
        yield _part(model_version, probabilities)
        last = max(probabilities)


def _part(model_version: ModelVersion, probabilities: dict[int, float]) -> pl.DataFrame:
    """The rows of some clients, in the order of ``probabilities``."""
    explanations = Explanation.objects.filter(model_version=model_version, client__in=list(probabilities))
    explained = {
        client: (base_value, contributions)
        for client, base_value, contributions in explanations.values_list("client", "base_value", "contributions")
    }
    matrix = np.full((len(probabilities), len(model_version.feature_names)), np.nan)
    base_values = np.full(len(probabilities), np.nan)
    for row, client in enumerate(probabilities):
        if client in explained:
            base_values[row], contributions = explained[client]
            matrix[row] = stored_contributions(contributions, len(model_version.feature_names))
    contribution_names = [f"contribution_{name}" for name in model_version.feature_names]
    return pl.DataFrame(
        {
            CLIENT_ID: pl.Series(list(probabilities), dtype=pl.Int64),
            "probability": pl.Series(list(probabilities.values()), dtype=pl.Float64),
            "base_value": pl.Series(base_values, nan_to_null=True),
            **{name: pl.Series(matrix[:, index], nan_to_null=True) for index, name in enumerate(contribution_names)},
            "model_version": pl.Series([model_version.number] * len(probabilities), dtype=pl.Int64),
        }
    )
