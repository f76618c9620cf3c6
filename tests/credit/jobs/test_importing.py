"""The import of a portfolio: what is stored, what a second import changes, and that half an import never shows."""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from django.utils import translation

from credit.job_kinds import IMPORT_HOME_CREDIT
from credit.jobs.importing import import_home_credit
from credit.ml.application import decode
from credit.ml.columns import APPLICATION
from credit.ml.features import build_features, feature_names
from credit.ml.names import fold_name
from credit.ml.population import population_summary
from credit.ml.progress import ignore_progress
from credit.ml.tables import open_folders
from credit.models import Client, ClientFeatures, Explanation, FeatureSet, ModelVersion, Score
from credit.selectors.features import client_features, feature_matrix
from pretadepenser.core.errors import ApplicationError
from pretadepenser.core.jobs import JobCancelled
from pretadepenser.core.models import Agency, AuditEvent, Job
from tests.credit.jobs.inline_progress import InlineProgress
from tests.credit.portfolios import CLIENTS, edit, with_value

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="session")
def work_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Shared, so that the files of ``portfolio`` are built once: an import takes what it finds prepared."""
    return tmp_path_factory.mktemp("work")


@pytest.fixture
def import_folders(work_dir: Path) -> Callable[..., dict[str, object]]:
    def run(*folders: Path, agency: str = "") -> dict[str, object]:
        with translation.override("en"):
            return dict(import_home_credit(an_import(*folders, agency=agency), InlineProgress(work_dir)))

    return run


def an_import(*folders: Path, agency: str = "") -> Job:
    arguments = {"folders": [str(folder) for folder in folders], "agency": agency}
    return Job.objects.create(kind=IMPORT_HOME_CREDIT.name, arguments=arguments)


def raw(folder: Path, table: str) -> pl.DataFrame:
    return pl.read_csv(folder / f"{table}.csv", infer_schema_length=None)


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


def test_every_application_becomes_a_client_with_its_names_and_figures(portfolio: Path, import_folders) -> None:
    result = import_folders(portfolio)

    train, test = raw(portfolio, "application_train"), raw(portfolio, "application_test")
    names = {row["SK_ID_CURR"]: row for row in raw(portfolio, "identities").iter_rows(named=True)}
    assert result["clients_new"] == CLIENTS == Client.objects.count() == train.height + test.height
    assert result["clients_with_outcome"] == train.height
    for row in pl.concat([train, test], how="diagonal_relaxed").iter_rows(named=True):
        client = Client.objects.select_related("agency").get(pk=row["SK_ID_CURR"])
        name = names[client.pk]
        assert (client.first_name, client.last_name) == (name["FIRST_NAME"], name["LAST_NAME"])
        assert client.sort_name == fold_name(f"{name['LAST_NAME']} {name['FIRST_NAME']}")
        assert client.agency.name == name["AGENCY"]
        assert client.target == row["TARGET"]
        assert client.contract_type == row["NAME_CONTRACT_TYPE"]
        assert (client.amount, client.income) == (row["AMT_CREDIT"], row["AMT_INCOME_TOTAL"])
        assert client.annuity == row["AMT_ANNUITY"]
        assert client.age_years == int(-row["DAYS_BIRTH"] / 365.25)
        assert client.version == 1


def test_the_stored_application_is_the_row_of_the_file(portfolio: Path, import_folders) -> None:
    import_folders(portfolio)

    expected = open_folders([portfolio]).application.select(list(APPLICATION.columns)).collect().sort("SK_ID_CURR")
    clients = Client.objects.order_by("pk").values_list("pk", "application")
    stored = np.stack([np.frombuffer(bytes(application), "<f8") for _, application in clients])
    assert decode(stored, [pk for pk, _ in clients]).equals(expected, null_equal=True)


def test_the_stored_features_are_those_that_are_built(portfolio: Path, import_folders) -> None:
    result = import_folders(portfolio)

    built = build_features(open_folders([portfolio]), ignore_progress)
    feature_set = FeatureSet.objects.get()
    (rows,) = feature_matrix(feature_set)
    assert feature_set.columns == list(feature_names())
    assert rows.client_ids.tolist() == built["SK_ID_CURR"].to_list()
    np.testing.assert_array_equal(rows.matrix, built.select(feature_names()).to_numpy())
    assert (result["features_new"], result["features_updated"]) == (CLIENTS, 0)


def test_the_population_is_summarised_exactly(portfolio: Path, import_folders) -> None:
    import_folders(portfolio)

    feature_set = FeatureSet.objects.get()
    (rows,) = feature_matrix(feature_set)
    column = rows.matrix[:, feature_set.columns.index("EXT_SOURCE_3")].astype(np.float64)
    summary = feature_set.population["EXT_SOURCE_3"]
    assert summary["median"] == pytest.approx(np.nanmedian(column), rel=1e-12)
    assert summary["p90"] == pytest.approx(np.nanquantile(column, 0.9), rel=1e-12)
    assert summary["missing"] == pytest.approx(np.isnan(column).mean())


def test_the_result_counts_the_rows_of_every_table(portfolio: Path, import_folders) -> None:
    rows = import_folders(portfolio)["rows"]

    for table in ("bureau", "bureau_balance", "previous_application", "POS_CASH_balance", "installments_payments"):
        assert rows[table] == raw(portfolio, table).height
    assert rows["application"] == CLIENTS


def test_importing_twice_changes_nothing(portfolio: Path, import_folders) -> None:
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


def test_a_changed_application_makes_a_new_version_without_scores(own_portfolio: Path, import_folders) -> None:
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


def test_a_changed_side_table_removes_the_scores_it_outdates(own_portfolio: Path, import_folders) -> None:
    import_folders(own_portfolio)
    score_everybody()
    owner = raw(own_portfolio, "bureau")["SK_ID_CURR"][0]
    edit(own_portfolio, "bureau", with_value(0, "AMT_CREDIT_SUM", "987654"))

    result = import_folders(own_portfolio)

    assert (result["clients_updated"], result["features_updated"], result["scores_removed"]) == (0, 1, 1)
    assert Client.objects.get(pk=owner).version == 1
    assert list(Client.objects.filter(scores=None).values_list("pk", flat=True)) == [owner]


def test_files_without_names_leave_names_agencies_and_outcomes(own_portfolio: Path, import_folders) -> None:
    import_folders(own_portfolio)
    before = list(Client.objects.order_by("pk").values())
    (own_portfolio / "identities.csv").unlink()
    edit(own_portfolio, "application_train", lambda train: train.drop("TARGET"))
    shutil.move(own_portfolio / "application_train.csv", own_portfolio / "application_test.csv")

    result = import_folders(own_portfolio, agency="Elsewhere")

    assert list(Client.objects.order_by("pk").values()) == before
    assert result["clients_updated"] == 0


def test_a_corrected_name_and_agency_are_taken_over(own_portfolio: Path, import_folders) -> None:
    import_folders(own_portfolio)
    client_id = raw(own_portfolio, "identities")["SK_ID_CURR"][0]
    edit(own_portfolio, "identities", with_value(0, "LAST_NAME", "N’Été"))
    edit(own_portfolio, "identities", with_value(0, "AGENCY", "Brest"))

    result = import_folders(own_portfolio)

    client = Client.objects.select_related("agency").get(pk=client_id)
    assert (client.last_name, client.agency.name, client.version) == ("N’Été", "Brest", 1)
    assert client.sort_name.startswith("n ete ")
    assert (result["clients_updated"], result["scores_removed"]) == (1, 0)


@pytest.mark.parametrize(
    ("existing", "agency", "expected"),
    [((), "", "Head office"), (("Lille", "Lyon"), "", "Lille"), (("Lille",), "Nantes", "Nantes")],
)
def test_clients_without_an_agency_come_to_one(
    own_portfolio: Path, import_folders, existing: tuple[str, ...], agency: str, expected: str
) -> None:
    (own_portfolio / "identities.csv").unlink()
    for name in existing:
        Agency.objects.create(name=name)

    import_folders(own_portfolio, agency=agency)

    assert set(Client.objects.values_list("agency__name", flat=True)) == {expected}
    assert set(Client.objects.values_list("first_name", "last_name", "sort_name")) == {("", "", "")}


def test_further_folders_add_applications_and_the_population_covers_all(
    portfolio: Path, import_folders, tmp_path: Path
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


def test_a_cancelled_import_leaves_nothing(portfolio: Path, work_dir: Path) -> None:
    with pytest.raises(JobCancelled):
        import_home_credit(an_import(portfolio), InlineProgress(work_dir, stop_at=(90, JobCancelled())))

    assert not Client.objects.exists() and not FeatureSet.objects.exists() and not Agency.objects.exists()


def test_progress_only_grows_and_ends_at_the_whole(portfolio: Path, tmp_path: Path) -> None:
    progress = InlineProgress(tmp_path / "job")

    import_home_credit(an_import(portfolio), progress)

    done = [step for step, _, _ in progress.steps]
    assert done == sorted(done)
    assert progress.steps[-1][:2] == (100, 100)
    assert all(total == 100 for _, total, _ in progress.steps)


def test_the_journal_tells_of_the_import(portfolio: Path, import_folders) -> None:
    import_folders(portfolio)

    event = AuditEvent.objects.get(action="clients.imported")
    assert event.detail["clients_new"] == CLIENTS


def test_names_of_nobody_are_told(own_portfolio: Path, import_folders) -> None:
    edit(own_portfolio, "identities", with_value(0, "SK_ID_CURR", "999999999"))

    result = import_folders(own_portfolio)

    assert result["warnings"] == ["1 name belongs to no application and was left out."]


def test_nothing_is_imported_from_files_with_a_problem(own_portfolio: Path, import_folders) -> None:
    (own_portfolio / "bureau.csv").unlink()
    edit(own_portfolio, "POS_CASH_balance", with_value(2, "SK_DPD", "many"))

    with pytest.raises(ApplicationError) as refusal:
        import_folders(own_portfolio)

    first, second = str(refusal.value).splitlines()
    assert "bureau.csv" in first
    assert all(part in second for part in ("POS_CASH_balance.csv", "4", "SK_DPD", "many"))
    assert not Client.objects.exists() and not FeatureSet.objects.exists()
