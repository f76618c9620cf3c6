import json
from datetime import timedelta

import numpy as np
import pytest
from django.apps import apps
from django.db.models import ForeignKey
from django.utils import timezone, translation

from credit.job_kinds import BUILD_POPULATION_STORE
from credit.models import Client, Decision, OutOfFold
from credit.services.decisions import record_charges
from credit.services.persons import Ground, erase_person, erase_persons, export_person
from pretadepenser.core.errors import ApplicationError, ConflictError
from pretadepenser.core.models import SYSTEM, Actor, AuditEvent, IdempotencyKey, Job
from tests.builders.clients import a_client
from tests.builders.people import Cast
from tests.builders.persons import NAME, a_known_person

pytestmark = pytest.mark.django_db


def exported(client: Client, cast: Cast) -> dict:
    return json.loads("".join(export_person(client=client, by=Actor(cast.auditor))))


def erase(client: Client, cast: Cast, **changes: object) -> None:
    arguments = {"confirmation": str(client.pk), "ground": Ground.REQUEST, "is_forced": True, **changes}
    erase_person(client=client, by=Actor(cast.administrator), **arguments)


def test_a_copy_holds_a_section_of_everything(cast: Cast) -> None:
    client = a_known_person(cast)
    copy = exported(client, cast)
    assert copy["file"]["last_name"] == "Quiberon"
    values = {row["name"]: row for row in copy["application"]}
    assert values["AMT_CREDIT"]["value"] == 100_000.0
    assert values["EXT_SOURCE_1"]["value"] is None
    assert values["EXT_SOURCE_2"]["label"] == "Score externe 2"
    assert "SK_ID_CURR" not in values
    assert copy["past_versions"][0]["replaced_by"] == "advisor"
    assert copy["features"][0]["values"][0]["value"] == pytest.approx(0.26)
    assert copy["features"][0]["values"][3]["value"] is None
    assert copy["scores"][0]["model_version"] == 1
    assert [row["value"] for row in copy["explanations"][0]["contributions"]] == [0.5, 0.2, -0.1, 0.0]
    assert copy["ficp_consultations"][0]["result"] == "clear"
    assert copy["decisions"][0]["outcome"] == "refused"
    assert len(copy["decisions"][0]["reviews"]) == 1
    assert copy["scenarios"][0]["changes"] == {"AMT_CREDIT": 80_000.0}
    assert copy["events"][0]["action"] == "client.exported"


def test_a_copy_stays_in_the_language_of_the_request_that_began_it(cast: Cast) -> None:
    client = a_known_person(cast)
    with translation.override("en"):
        pieces = export_person(client=client, by=Actor(cast.auditor))
    labels = {row["name"]: row["label"] for row in json.loads("".join(pieces))["application"]}
    assert labels["EXT_SOURCE_2"] == "External score 2"


def test_a_copy_names_no_member_of_the_staff(cast: Cast) -> None:
    client = a_known_person(cast)
    cast.advisor.first_name, cast.advisor.last_name = "Gwladys", "Kerguelen"
    cast.advisor.save()
    text = json.dumps(exported(client, cast))
    assert "Gwladys" not in text
    assert cast.auditor.username not in text.replace('"auditor"', "")


def test_every_table_about_a_client_is_in_the_copy_or_goes_with_the_file(cast: Cast) -> None:
    """A new table that points at a client has to be added to the copy, then to this list."""
    about_clients = {
        model._meta.model_name
        for model in apps.get_models()
        for field in model._meta.fields
        if isinstance(field, ForeignKey) and field.related_model in (Client, Decision)
    }
    assert about_clients == {
        "clientfeatures", "clientversion", "decision", "explanation", "ficpconsultation", "reviewrequest", "scenario",
        "score",
    }  # fmt: skip


def test_erasure_leaves_nothing_but_the_journal(cast: Cast) -> None:
    client = a_known_person(cast)
    exported(client, cast)
    other = a_client(8, cast.agency, "Somebody Else")
    IdempotencyKey.objects.create(
        user=cast.advisor, key="k", request_sha256="0" * 64, status=201, response={"id": 7, "name": NAME}
    )
    events = AuditEvent.objects.filter(object_type="client", object_id="7").count()
    erase(client, cast)
    assert list(Client.objects.all()) == [other]
    for model in apps.get_models():
        for field in model._meta.fields:
            if isinstance(field, ForeignKey) and field.related_model is Client:
                assert not model._default_manager.filter(**{field.name: 7}).exists()
    assert not IdempotencyKey.objects.exists()
    assert AuditEvent.objects.filter(object_type="client", object_id="7").count() == events + 1
    erasure = AuditEvent.objects.get(action="client.erased")
    assert (erasure.actor, erasure.detail) == (cast.administrator, {"ground": "request", "forced": True})


def test_no_event_about_a_person_names_it_or_tells_its_situation(cast: Cast) -> None:
    client = a_known_person(cast)
    record_charges(client=client, monthly_charges=431.25, by=Actor(cast.advisor))
    exported(client, cast)
    erase(client, cast)
    for event in AuditEvent.objects.all():
        text = json.dumps(event.detail, ensure_ascii=False)
        assert not any(word in text for word in [*NAME.split(), "431.25", "clear"]), event


def test_what_a_model_keeps_of_its_training_forgets_whose_it_was(cast: Cast) -> None:
    client = a_known_person(cast)
    a_client(8, cast.agency)
    erase(client, cast)
    erase_persons(client_ids=[8], ground=Ground.REQUEST, by=SYSTEM)
    stored = OutOfFold.objects.get()
    ids = np.frombuffer(stored.client_ids, "<i8")
    assert ids[0] == 6
    assert (ids[1:] < 0).all()
    assert len(set(ids)) == 3  # those who join by the number rely on each being there once
    assert len(np.frombuffer(stored.probabilities, "<f8")) == 3


def test_the_store_of_the_population_is_built_again_without_the_person(cast: Cast) -> None:
    erase(a_known_person(cast), cast)
    assert Job.objects.get(kind=BUILD_POPULATION_STORE.name).status == "queued"


@pytest.mark.parametrize("typed", ["", "8", "07", "seven"])
def test_another_number_erases_nobody(cast: Cast, typed: str) -> None:
    client = a_known_person(cast)
    with pytest.raises(ApplicationError) as caught:
        erase(client, cast, confirmation=typed)
    assert caught.value.field == "confirmation"
    assert Client.objects.filter(pk=7).exists()


def test_a_decision_that_must_be_kept_holds_the_file_back_until_its_period_ends(cast: Cast, settings) -> None:
    client = a_known_person(cast)
    with pytest.raises(ConflictError) as caught:
        erase(client, cast, is_forced=False)
    assert caught.value.code == "retained"
    assert not AuditEvent.objects.filter(action="client.erased").exists()
    days = timedelta(days=settings.RETENTION_REFUSED_DAYS + 1)
    Decision.objects.update(decided_at=timezone.now() - days)
    erase(client, cast, is_forced=False)
    assert not Client.objects.exists()


def test_a_file_without_a_decision_needs_no_force(cast: Cast) -> None:
    erase(a_client(1, cast.agency), cast, is_forced=False)
    assert not Client.objects.exists()
