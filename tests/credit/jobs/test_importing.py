"""The import of a portfolio: what is stored, and that half an import never shows."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from credit.jobs.importing import import_home_credit
from credit.ml.application import decode
from credit.ml.columns import APPLICATION
from credit.ml.features import build_features, feature_names
from credit.ml.names import fold_name
from credit.ml.progress import ignore_progress
from credit.models import Client, FeatureSet
from credit.selectors.features import client_features, feature_matrix
from pretadepenser.core.errors import ApplicationError
from pretadepenser.core.jobs import JobCancelled
from pretadepenser.core.models import Agency, AuditEvent
from tests.builders.home_credit import CLIENTS, REAL_FOLDER, edit, needs_real_tables, open_folders, with_value
from tests.builders.imports import ImportFolders, an_import, raw
from tests.running.jobs import InlineProgress

pytestmark = pytest.mark.django_db


def test_every_application_becomes_a_client_with_its_names_and_figures(
    portfolio: Path, import_folders: ImportFolders
) -> None:
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


def test_the_stored_application_is_the_row_of_the_file(portfolio: Path, import_folders: ImportFolders) -> None:
    import_folders(portfolio)

    expected = open_folders([portfolio]).application.select(list(APPLICATION.columns)).collect().sort("SK_ID_CURR")
    clients = Client.objects.order_by("pk").values_list("pk", "application")
    stored = np.stack([np.frombuffer(bytes(application), "<f8") for _, application in clients])
    assert decode(stored, [pk for pk, _ in clients]).equals(expected, null_equal=True)


def test_the_stored_features_are_those_that_are_built(portfolio: Path, import_folders: ImportFolders) -> None:
    result = import_folders(portfolio)

    built = build_features(open_folders([portfolio]), ignore_progress)
    feature_set = FeatureSet.objects.get()
    (rows,) = feature_matrix(feature_set)
    assert feature_set.columns == list(feature_names())
    assert rows.client_ids.tolist() == built["SK_ID_CURR"].to_list()
    np.testing.assert_array_equal(rows.matrix, built.select(feature_names()).to_numpy())
    assert (result["features_new"], result["features_updated"]) == (CLIENTS, 0)


def test_the_population_is_summarised_exactly(portfolio: Path, import_folders: ImportFolders) -> None:
    import_folders(portfolio)

    feature_set = FeatureSet.objects.get()
    (rows,) = feature_matrix(feature_set)
    column = rows.matrix[:, feature_set.columns.index("EXT_SOURCE_3")].astype(np.float64)
    summary = feature_set.population["EXT_SOURCE_3"]
    assert summary["median"] == pytest.approx(np.nanmedian(column), rel=1e-12)
    assert summary["p90"] == pytest.approx(np.nanquantile(column, 0.9), rel=1e-12)
    assert summary["missing"] == pytest.approx(np.isnan(column).mean())


def test_the_result_counts_the_rows_of_every_table(portfolio: Path, import_folders: ImportFolders) -> None:
    rows = import_folders(portfolio)["rows"]

    for table in ("bureau", "bureau_balance", "previous_application", "POS_CASH_balance", "installments_payments"):
        assert rows[table] == raw(portfolio, table).height
    assert rows["application"] == CLIENTS


@pytest.mark.parametrize(
    ("existing", "agency", "expected"),
    [((), "", "Head office"), (("Lille", "Lyon"), "", "Lille"), (("Lille",), "Nantes", "Nantes")],
)
def test_clients_without_an_agency_come_to_one(
    own_portfolio: Path, import_folders: ImportFolders, existing: tuple[str, ...], agency: str, expected: str
) -> None:
    (own_portfolio / "identities.csv").unlink()
    for name in existing:
        Agency.objects.create(name=name)

    import_folders(own_portfolio, agency=agency)

    assert set(Client.objects.values_list("agency__name", flat=True)) == {expected}
    assert set(Client.objects.values_list("first_name", "last_name", "sort_name")) == {("", "", "")}


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


def test_the_journal_records_the_import(portfolio: Path, import_folders: ImportFolders) -> None:
    import_folders(portfolio)

    event = AuditEvent.objects.get(action="clients.imported")
    assert event.detail["clients_new"] == CLIENTS


def test_nothing_is_imported_from_files_with_a_problem(own_portfolio: Path, import_folders: ImportFolders) -> None:
    (own_portfolio / "bureau.csv").write_text("")
    edit(own_portfolio, "POS_CASH_balance", with_value(2, "SK_DPD", "many"))

    with pytest.raises(ApplicationError) as refusal:
        import_folders(own_portfolio)

    first, second = str(refusal.value).splitlines()
    assert "bureau.csv" in first
    assert all(part in second for part in ("POS_CASH_balance.csv", "4", "SK_DPD", "many"))
    assert not Client.objects.exists() and not FeatureSet.objects.exists()


@needs_real_tables
@pytest.mark.real_data
def test_real_applications_are_imported_with_their_histories(import_folders: ImportFolders, tmp_path: Path) -> None:
    """The first 300 labelled and 100 unlabelled clients with all rows of their side tables."""
    ids = _copy_head("application_train", 300, tmp_path) | _copy_head("application_test", 100, tmp_path)
    for table in ("previous_application", "POS_CASH_balance", "installments_payments", "credit_card_balance"):
        _copy_rows_of(table, "SK_ID_CURR", ids, tmp_path)
    bureau = _copy_rows_of("bureau", "SK_ID_CURR", ids, tmp_path)
    _copy_rows_of("bureau_balance", "SK_ID_BUREAU", set(bureau["SK_ID_BUREAU"]), tmp_path)

    result = import_folders(tmp_path, agency="Paris")

    assert (result["clients_new"], result["clients_with_outcome"]) == (400, 300)
    first = Client.objects.get(pk=100002)
    assert (first.target, first.amount, first.income, first.age_years) == (1, 406597.5, 202500.0, 25)
    assert (first.annuity, first.contract_type, first.full_name) == (24700.5, "Cash loans", "")
    vector = client_features(FeatureSet.objects.get(), 100002)
    assert vector[list(feature_names()).index("AMT_CREDIT")] == np.float32(406597.5)
    assert np.isfinite(vector).mean() > 0.5


def _copy_head(table: str, rows: int, folder: Path) -> set[str]:
    """Copies the first rows of a real table; returns their clients."""
    head = pl.read_csv(REAL_FOLDER / f"{table}.csv", infer_schema=False, n_rows=rows)
    head.write_csv(folder / f"{table}.csv")
    return set(head["SK_ID_CURR"])


def _copy_rows_of(table: str, key: str, ids: set[str], folder: Path) -> pl.DataFrame:
    """Copies the rows of a real table that belong to ``ids``; returns them."""
    rows = pl.scan_csv(REAL_FOLDER / f"{table}.csv", infer_schema=False).filter(pl.col(key).is_in(list(ids))).collect()
    rows.write_csv(folder / f"{table}.csv")
    return rows
