"""An auditor reads the journal and takes a copy of a person's data; an administrator erases a person."""

import json
from pathlib import Path

import pytest

from pretadepenser.core.audit import record
from pretadepenser.core.models import Actor
from tests.browser.visitor import Visitor, text_of
from tests.builders.clients import a_client
from tests.builders.people import Cast
from tests.builders.persons import a_known_person

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_auditor_finds_an_event_and_exports_what_is_filtered(visitor: Visitor, cast: Cast) -> None:
    a_known_person(cast)
    for _number in range(60):
        record("session.opened", by=Actor(cast.advisor), target=cast.advisor)
    visitor.sign_in("auditor")
    page = visitor.open("/journal/")
    visitor.check()
    visitor.follow("a[rel=next]")
    assert "A pris une décision" in text_of(page)
    visitor.check()
    page.select_option("#id_thing", "client")
    page.fill("#id_number", "7")
    visitor.follow(".filters button[type=submit]")
    page.click("summary >> text=A pris une décision")
    assert "refused" in text_of(page)
    visitor.check()
    with page.expect_download() as download:
        page.click("text=Exporter en CSV")
    lines = Path(download.value.path()).read_text("utf-8-sig").splitlines()
    assert len(lines) == 4  # the head, the consultation, the decision, the request for review
    visitor.open("/journal/?thing=client")
    visitor.check()


def test_a_person_is_given_a_copy_and_then_erased(visitor: Visitor, cast: Cast) -> None:
    a_known_person(cast)
    a_client(8, cast.agency, "Anne Autre")
    visitor.sign_in("administrator")
    page = visitor.open("/clients/7/")
    visitor.follow("text=Données personnelles")
    visitor.check()
    with page.expect_download() as download:
        page.click("text=Télécharger une copie")
    assert json.loads(Path(download.value.path()).read_text())["file"]["first_name"] == "Zénobie"
    page.select_option("#id_ground", "request")
    page.fill("#id_confirmation", "8")
    page.check("#id_is_forced")
    visitor.follow("text=Effacer les données de cette personne")
    visitor.expect_refusal(422)
    visitor.check()
    page.fill("#id_confirmation", "7")
    visitor.follow("text=Effacer les données de cette personne")
    assert "Quiberon" not in text_of(page)
    assert "Anne Autre" in text_of(page)
    visitor.open("/clients/8/journal/")
    visitor.check()
