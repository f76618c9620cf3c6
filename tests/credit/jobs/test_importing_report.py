"""What an import says of the files it read, and what it does when somebody else works at the same time."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from django.template.loader import render_to_string
from django.utils import timezone, translation

from credit.job_kinds import IMPORT_HOME_CREDIT
from credit.jobs.client_rows import ClientWriter
from credit.jobs.importing import import_home_credit
from credit.models import Client
from credit.presenters.import_result import import_lines
from pretadepenser.core.models import Agency, Job
from tests.builders.home_credit import CLIENTS, edit, with_value
from tests.builders.imports import ImportFolders, an_import, raw
from tests.running.jobs import InlineProgress

pytestmark = pytest.mark.django_db


def test_names_without_a_client_are_reported(own_portfolio: Path, import_folders: ImportFolders) -> None:
    edit(own_portfolio, "identities", with_value(0, "SK_ID_CURR", "999999999"))

    result = import_folders(own_portfolio)

    with translation.override("en"):
        assert "1 name belongs to no application and was left out." in list(import_lines(result))


def test_names_given_twice_and_agencies_spelled_in_two_ways_are_reported(
    own_portfolio: Path, import_folders: ImportFolders
) -> None:
    Agency.objects.create(name="Lyon")
    ids = raw(own_portfolio, "identities")["SK_ID_CURR"].to_list()
    names = [f"{ids[0]},Ana,Roy,Paris", f"{ids[0]},Lea,Roux,Lyon", f"{ids[1]},Tom,Petit,PARIS", f"{ids[2]},Al,Roc,lyon"]
    text = "\r".join(["SK_ID_CURR;FIRST_NAME;LAST_NAME;AGENCY", *(line.replace(",", ";") for line in names)])
    (own_portfolio / "identities.csv").write_bytes(text.encode("utf-16"))

    result = import_folders(own_portfolio)

    notes = {note["code"]: (note["value"], note["count"]) for note in result["notes"]}
    assert notes["repeated_names"] == (str(ids[0]), 1)
    merged = [note["value"] for note in result["notes"] if note["code"] == "merged_agency"]
    assert merged == [
        "Paris → PARIS",
        "lyon → Lyon",
    ]
    assert sorted(Agency.objects.values_list("name", flat=True)) == ["Lyon", "PARIS"]
    assert Client.objects.get(pk=ids[0]).first_name == "Ana"


def test_a_portfolio_of_applications_alone_is_imported_and_says_what_is_blank(
    own_portfolio: Path, import_folders: ImportFolders
) -> None:
    for path in own_portfolio.glob("*.csv"):
        if not path.name.startswith("application"):
            path.unlink()
    edit(own_portfolio, "application_train", with_value(0, "TARGET", None))

    result = import_folders(own_portfolio)

    assert result["clients_new"] == CLIENTS
    assert set(result["histories"].values()) == {0.0}
    assert [note["table"] for note in result["notes"] if note["code"] == "absent_table"] == list(result["histories"])
    assert result["clients_with_outcome"] == raw(own_portfolio, "application_train").height - 1
    with translation.override("en"):
        lines = list(import_lines(result))
    assert "bureau.csv is not in the folder: the features of this table are blank." in lines


def test_the_report_has_the_share_of_clients_with_a_history(portfolio: Path, import_folders: ImportFolders) -> None:
    histories = import_folders(portfolio)["histories"]

    assert histories["bureau"] == pytest.approx(raw(portfolio, "bureau")["SK_ID_CURR"].n_unique() / CLIENTS)
    known = raw(portfolio, "bureau").filter(
        pl.col("SK_ID_BUREAU").is_in(raw(portfolio, "bureau_balance")["SK_ID_BUREAU"].implode())
    )
    assert histories["bureau_balance"] == pytest.approx(known["SK_ID_CURR"].n_unique() / CLIENTS)


def test_the_page_of_an_import_shows_its_report(portfolio: Path, import_folders: ImportFolders) -> None:
    job = Job.objects.create(
        kind=IMPORT_HOME_CREDIT.name, status="succeeded", finished_at=timezone.now(), result=import_folders(portfolio)
    )
    with translation.override("en"):
        page = render_to_string("core/_job_progress.html", {"job": job})

    assert "Clients: 60 new, 0 updated, 0 unchanged" in page
    assert "columns with the same value in every row: FLAG_MOBIL" in page


def test_a_client_created_while_the_files_are_read_is_updated(
    portfolio: Path, work_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The writer has listed the known clients; then somebody creates one of those it is about to copy in."""
    number = raw(portfolio, "application_test")["SK_ID_CURR"][0]
    listed = ClientWriter._known_ids

    def list_and_create(writer: ClientWriter) -> np.ndarray:
        ids = listed(writer)
        if not len(ids):
            agency = Agency.objects.create(name="Elsewhere")
            Client.objects.create(pk=number, agency=agency, application=b"\0" * 960, amount=1.0)
        return ids

    monkeypatch.setattr(ClientWriter, "_known_ids", list_and_create)
    result = import_home_credit(an_import(portfolio), InlineProgress(work_dir))

    assert (result["clients_new"], result["clients_updated"]) == (CLIENTS - 1, 1)
    assert Client.objects.get(pk=number).amount == raw(portfolio, "application_test")["AMT_CREDIT"][0]
