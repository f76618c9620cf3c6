import pytest
from django.db import DatabaseError, connection, transaction

from pretadepenser.core.audit import record
from pretadepenser.core.models import SYSTEM, Actor, AuditEvent, Job
from tests.builders.people import Cast

pytestmark = pytest.mark.django_db


def test_an_event_keeps_who_what_and_on_what(cast: Cast) -> None:
    event = record("agency.opened", by=Actor(cast.advisor), target=cast.agency, detail={"rows": 3})
    event.refresh_from_db()
    assert (event.actor, event.object_type, event.object_id) == (cast.advisor, "agency", str(cast.agency.pk))
    assert event.detail == {"rows": 3}


def test_an_event_belongs_to_the_agency_of_its_target_and_without_one_to_that_of_the_person(cast: Cast) -> None:
    assert record("user.changed", by=Actor(cast.administrator), target=cast.stranger).agency == cast.other_agency
    assert record("score.computed", by=Actor(cast.advisor)).agency == cast.agency
    assert record("job.requested", by=Actor(cast.advisor), target=Job.objects.create(kind="tests.steps")).agency is None
    assert record("journal.exported", by=SYSTEM).agency is None


@pytest.mark.parametrize("statement", ["UPDATE core_auditevent SET action = 'other'", "DELETE FROM core_auditevent"])
def test_the_database_refuses_to_change_the_journal(cast: Cast, statement: str) -> None:
    record("agency.opened", by=Actor(cast.advisor))
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert AuditEvent.objects.get().action == "agency.opened"
