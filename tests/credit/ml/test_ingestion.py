"""What ingestion prepares in a folder, and when it is reused."""

import os
from pathlib import Path

import polars as pl
import pytest

from credit.ml.features import feature_names
from credit.ml.ingestion import INGESTED, UnusableFoldersError, Wording, ingest
from credit.ml.progress import ignore_progress
from tests.builders.home_credit import CLIENTS, edit, with_value

WORDING = Wording(checking="checking", building="building {table}", writing="writing")


def test_the_slices_hold_every_client_once_in_order(portfolio: Path, tmp_path: Path) -> None:
    ingestion = ingest([portfolio], tmp_path, WORDING, on_progress=ignore_progress)

    applications = list(ingestion.applications(25))
    features = pl.concat(ingestion.features(25))
    assert [part.height for part in applications] == [25, 25, 10]
    ids = pl.concat(applications)["SK_ID_CURR"]
    assert ids.is_sorted() and ids.n_unique() == CLIENTS == ingestion.row_counts["application"]
    assert features["SK_ID_CURR"].equals(ids)
    assert features.columns == ["SK_ID_CURR", *feature_names()] and list(ingestion.population) == list(feature_names())
    assert set(features.dtypes[1:]) == {pl.Float32}


def test_prepared_rows_are_reused_until_a_file_changes(own_portfolio: Path, tmp_path: Path) -> None:
    work = tmp_path / "work"
    first = ingest([own_portfolio], work, WORDING, on_progress=ignore_progress)
    messages: list[str] = []

    again = ingest([own_portfolio], work, WORDING, on_progress=lambda done, total, message: messages.append(message))
    os.utime(own_portfolio / "bureau.csv", ns=(0, 0))
    touched = ingest([own_portfolio], work, WORDING, on_progress=ignore_progress)

    assert again == first and messages == ["writing"]
    assert touched.folder != first.folder


def test_progress_names_the_tables_and_only_grows(portfolio: Path, tmp_path: Path) -> None:
    steps: list[tuple[int, int, str]] = []

    ingest([portfolio], tmp_path, WORDING, on_progress=lambda *step: steps.append(step))

    done = [step[0] for step in steps]
    assert done == sorted(done) and done[-1] == INGESTED
    assert {"checking", "building bureau", "writing"} <= {message for _, _, message in steps}


@pytest.mark.parametrize("column", ["FIRST_NAME", "LAST_NAME", "AGENCY"])
def test_a_name_that_does_not_fit_is_a_problem(own_portfolio: Path, tmp_path: Path, column: str) -> None:
    edit(own_portfolio, "identities", with_value(2, column, "é" * 81))

    with pytest.raises(UnusableFoldersError) as refusal:
        ingest([own_portfolio], tmp_path / "work", WORDING, on_progress=ignore_progress)

    (problem,) = refusal.value.problems
    assert (problem.code, problem.table, problem.column) == ("text_too_long", "identities", column)
    assert not (tmp_path / "work").exists()
