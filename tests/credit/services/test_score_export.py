"""Exporting scores: every digit, bounded parts, all of the file or none."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from django.utils import timezone

from credit.jobs.results import write_explanations, write_scores
from credit.ml.explanation import contributions
from credit.ml.model import load_model
from credit.models import ModelVersion
from credit.services import score_export
from credit.services.score_export import export_scores
from pretadepenser.core.errors import ApplicationError, ConflictError
from pretadepenser.core.models import SYSTEM, AuditEvent
from tests.builders.portfolios import NAMES, Portfolio, a_model_version, a_portfolio

pytestmark = pytest.mark.django_db
NAMES_IN_FILE = [f"contribution_{name}" for name in NAMES]


def scored(portfolio: Portfolio, explained: int) -> ModelVersion:
    """A version that scored the whole portfolio and explained its first ``explained`` clients."""
    version = a_model_version(portfolio)
    model, columns = load_model(version.text), portfolio.feature_set.columns
    write_scores(version, portfolio.client_ids, model.predict(portfolio.matrix, columns))
    explanation = contributions(model, portfolio.matrix[:explained], columns)
    write_explanations(version, portfolio.client_ids[:explained], explanation, np.zeros(explained))
    return version


@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".CSV"])
def test_parts_of_any_size_give_the_same_rows_to_the_last_digit(tmp_path: Path, monkeypatch, suffix: str) -> None:
    portfolio = a_portfolio(23)
    version = scored(portfolio, 20)
    monkeypatch.setattr(score_export, "_CELLS_AT_ONCE", 5 * len(NAMES))
    path = tmp_path / f"scores{suffix}"
    path.write_text("an older export")
    assert export_scores(model_version=version, path=path, by=SYSTEM) == 23
    found = pl.read_parquet(path) if suffix == ".parquet" else pl.read_csv(path)
    model = load_model(version.text)
    explanation = contributions(model, portfolio.matrix[:20], portfolio.feature_set.columns)
    assert found["SK_ID_CURR"].to_list() == portfolio.client_ids.tolist()
    assert np.array_equal(found["probability"], model.predict(portfolio.matrix, portfolio.feature_set.columns))
    assert np.array_equal(found.select(NAMES_IN_FILE)[:20].to_numpy(), explanation.values)
    assert found["base_value"][:20].to_list() == [explanation.base_value] * 20
    blanks = found[20:].select("base_value", *NAMES_IN_FILE)
    assert blanks.null_count().sum_horizontal().item() == 3 * (1 + len(NAMES))
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]
    assert path.stat().st_mode & 0o077 == 0
    event = AuditEvent.objects.get(action="scores.exported")
    assert (event.object_id, event.detail) == (str(version.pk), {"clients": 23})


def test_a_failure_leaves_the_older_file_and_nothing_else(tmp_path: Path, monkeypatch) -> None:
    version = scored(a_portfolio(5), 5)
    path = tmp_path / "scores.csv"
    path.write_text("older")

    def fail(*arguments: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(score_export.os, "fsync", fail)
    with pytest.raises(OSError, match="disk full"):
        export_scores(model_version=version, path=path, by=SYSTEM)
    assert path.read_text() == "older"
    assert [entry.name for entry in tmp_path.iterdir()] == ["scores.csv"]
    assert not AuditEvent.objects.filter(action="scores.exported").exists()


@pytest.mark.parametrize("name", ["scores.xlsx", "scores", "no/folder/scores.csv"])
def test_a_file_that_cannot_be_written_is_refused_by_field(tmp_path: Path, name: str) -> None:
    version = scored(a_portfolio(1), 1)
    with pytest.raises(ApplicationError) as refused:
        export_scores(model_version=version, path=tmp_path / name, by=SYSTEM)
    assert refused.value.field == "file"


def test_a_version_without_scores_is_refused(tmp_path: Path) -> None:
    version = a_model_version(a_portfolio(1))
    with pytest.raises(ApplicationError, match="score_clients"):
        export_scores(model_version=version, path=tmp_path / "scores.csv", by=SYSTEM)


def test_scores_of_a_suspended_version_are_not_exported(tmp_path: Path) -> None:
    version = scored(a_portfolio(3), 3)
    version.suspended_at = timezone.now()
    with pytest.raises(ConflictError):
        export_scores(model_version=version, path=tmp_path / "scores.csv", by=SYSTEM)
    assert list(tmp_path.iterdir()) == []
