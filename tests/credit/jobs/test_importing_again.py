"""A second import: what changes, what is left alone, and which scores no longer hold."""

import shutil
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from credit.ml.population import population_summary
from credit.models import Client, ClientFeatures, Explanation, FeatureSet, ModelVersion, Score
from credit.selectors.features import client_features, feature_matrix
from tests.builders.home_credit import CLIENTS, edit, with_value
from tests.builders.imports import ImportFolders, raw

pytestmark = pytest.mark.django_db


def a_model(feature_set: FeatureSet) -> ModelVersion:
    return ModelVersion.objects.create(
        number=1, origin="trained", text="", sha256="0" * 64, feature_names=[], feature_set=feature_set
    )


def score_everybody() -> ModelVersion:
    """Gives every client a score and an explanation."""
    model = a_model(FeatureSet.objects.get())
    for client in Client.objects.all():
        Score.objects.create(client=client, model_version=model, probability=0.1)
        Explanation.objects.create(
            client=client, model_version=model, base_value=0.0, contributions=b"", additivity_error=0.0
        )
    return model


def test_importing_twice_changes_nothing(portfolio: Path, import_folders: ImportFolders) -> None:
    import_folders(portfolio)
    score_everybody()
    before = list(Client.objects.order_by("pk").values())
    population = FeatureSet.objects.get().population

    result = import_folders(portfolio)

    assert list(Client.objects.order_by("pk").values()) == before
    assert FeatureSet.objects.get().population == population
    assert (result["clients_new"], result["clients_updated"], result["clients_unchanged"]) == (0, 0, CLIENTS)
    assert (result["features_new"], result["features_updated"], result["scores_removed"]) == (0, 0, 0)
    assert Score.objects.count() == Explanation.objects.count() == ClientFeatures.objects.count() == CLIENTS


def test_a_changed_application_makes_a_new_version_without_scores(
    own_portfolio: Path, import_folders: ImportFolders
) -> None:
    import_folders(own_portfolio)
    score_everybody()
    changed = raw(own_portfolio, "application_train")["SK_ID_CURR"][3]
    old_features = client_features(FeatureSet.objects.get(), changed)
    edit(own_portfolio, "application_train", with_value(3, "AMT_CREDIT", "123456.5"))

    result = import_folders(own_portfolio)

    client = Client.objects.get(pk=changed)
    assert (client.version, client.amount) == (2, 123456.5)
    assert (result["clients_updated"], result["features_updated"], result["scores_removed"]) == (1, 1, 1)
    assert not client.scores.exists() and not client.explanations.exists()
    assert Score.objects.count() == Explanation.objects.count() == CLIENTS - 1
    assert Client.objects.exclude(pk=changed).filter(version=1).count() == CLIENTS - 1
    assert not np.array_equal(client_features(FeatureSet.objects.get(), changed), old_features, equal_nan=True)


def test_a_changed_side_table_removes_the_scores_it_outdates(
    own_portfolio: Path, import_folders: ImportFolders
) -> None:
    import_folders(own_portfolio)
    score_everybody()
    owner = raw(own_portfolio, "bureau")["SK_ID_CURR"][0]
    edit(own_portfolio, "bureau", with_value(0, "AMT_CREDIT_SUM", "987654"))

    result = import_folders(own_portfolio)

    assert (result["clients_updated"], result["features_updated"], result["scores_removed"]) == (0, 1, 1)
    assert Client.objects.get(pk=owner).version == 1
    assert list(Client.objects.filter(scores=None).values_list("pk", flat=True)) == [owner]


def test_files_without_names_leave_names_agencies_and_outcomes(
    own_portfolio: Path, import_folders: ImportFolders
) -> None:
    import_folders(own_portfolio)
    before = list(Client.objects.order_by("pk").values())
    (own_portfolio / "identities.csv").unlink()
    edit(own_portfolio, "application_train", lambda train: train.drop("TARGET"))
    shutil.move(own_portfolio / "application_train.csv", own_portfolio / "application_test.csv")

    result = import_folders(own_portfolio, agency="Elsewhere")

    assert list(Client.objects.order_by("pk").values()) == before
    assert result["clients_updated"] == 0


def test_a_corrected_name_and_agency_are_taken_over(own_portfolio: Path, import_folders: ImportFolders) -> None:
    import_folders(own_portfolio)
    client_id = raw(own_portfolio, "identities")["SK_ID_CURR"][0]
    edit(own_portfolio, "identities", with_value(0, "LAST_NAME", "N’Été"))
    edit(own_portfolio, "identities", with_value(0, "AGENCY", "Brest"))

    result = import_folders(own_portfolio)

    client = Client.objects.select_related("agency").get(pk=client_id)
    assert (client.last_name, client.agency.name, client.version) == ("N’Été", "Brest", 1)
    assert client.sort_name.startswith("n ete ")
    assert (result["clients_updated"], result["scores_removed"]) == (1, 0)


def test_further_folders_add_applications_and_the_population_covers_all(
    portfolio: Path, import_folders: ImportFolders, tmp_path: Path
) -> None:
    more = tmp_path / "more"
    more.mkdir()
    further = pl.read_csv(portfolio / "application_train.csv", infer_schema=False).head(5)
    further.with_columns(SK_ID_CURR=pl.Series(["1", "2", "3", "4", "5"])).write_csv(more / "application_train.csv")
    import_folders(portfolio)

    first = import_folders(portfolio, more)
    (own := tmp_path / "own").mkdir()
    for path in portfolio.glob("*.csv"):
        shutil.copy(path, own)
    shutil.copy(more / "application_train.csv", own)
    (own / "application_test.csv").unlink()
    second = import_folders(own)

    assert (first["clients_new"], first["clients_unchanged"]) == (5, CLIENTS)
    assert second["clients_unchanged"] == 5
    feature_set = FeatureSet.objects.get()
    (rows,) = feature_matrix(feature_set)
    assert len(rows.client_ids) == CLIENTS + 5
    expected = population_summary(pl.DataFrame(rows.matrix, schema=feature_set.columns))
    assert feature_set.population == expected
