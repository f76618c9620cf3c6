import pytest

from credit.models import Client
from credit.services.decisions import countersign, take_decision
from pretadepenser.core.errors import ApplicationError, ConflictError
from pretadepenser.core.models import Actor, AuditEvent
from pretadepenser.core.roles import Role
from tests.builders.clients import an_active_model
from tests.builders.decisions import a_decision, a_file
from tests.builders.people import Cast, a_user

pytestmark = pytest.mark.django_db

GRANTED, GREY, REFUSED = 0.05, 0.09, 0.2  # what the model of an_active_model advises


def events(client: Client) -> list[str]:
    rows = AuditEvent.objects.filter(object_type="client", object_id=str(client.pk))
    return list(rows.order_by("pk").values_list("action", flat=True))


def test_a_supervisor_makes_the_decision_final(cast: Cast) -> None:
    client = a_file(1, cast.agency, an_active_model(), REFUSED)
    decision = a_decision(client, cast.advisor, "granted", "because")
    signed = countersign(decision=decision, accepts=True, by=Actor(cast.supervisor))
    assert (signed.status, signed.countersigned_by) == ("final", cast.supervisor)
    assert events(client)[-1] == "decision.countersigned"
    with pytest.raises(ConflictError):
        countersign(decision=decision, accepts=False, note="late", by=Actor(cast.supervisor))


def test_a_supervisor_declines_with_a_note_and_the_file_can_be_decided_again(cast: Cast) -> None:
    client = a_file(1, cast.agency, an_active_model(), REFUSED)
    decision = a_decision(client, cast.advisor, "granted", "because")
    with pytest.raises(ApplicationError) as caught:
        countersign(decision=decision, accepts=False, note=" ", by=Actor(cast.supervisor))
    assert caught.value.field == "note"
    assert (
        countersign(decision=decision, accepts=False, note="No proof", by=Actor(cast.supervisor)).status == "declined"
    )
    assert events(client)[-1] == "decision.declined"
    assert take_decision(client=client, version=1, outcome="refused", by=Actor(cast.advisor)).status == "final"


def test_only_another_supervisor_of_the_agency_countersigns(cast: Cast) -> None:
    client = a_file(1, cast.agency, an_active_model(), REFUSED)
    decision = a_decision(client, cast.supervisor, "granted", "because")
    elsewhere = a_user(Role.SUPERVISOR, cast.other_agency)
    colleague = a_user(Role.SUPERVISOR, cast.agency)
    expected = [
        (cast.supervisor, "own_decision"),
        (cast.advisor, "not_a_supervisor"),
        (elsewhere, "not_a_supervisor"),
        (cast.administrator, "not_a_supervisor"),
    ]
    for person, code in expected:
        with pytest.raises(ApplicationError) as caught:
            countersign(decision=decision, accepts=True, by=Actor(person))
        assert caught.value.code == code
    assert countersign(decision=decision, accepts=True, by=Actor(colleague)).status == "final"


def test_a_file_that_changed_is_not_countersigned_but_can_be_declined(cast: Cast) -> None:
    client = a_file(1, cast.agency, an_active_model(), REFUSED)
    decision = a_decision(client, cast.advisor, "granted", "because")
    Client.objects.filter(pk=1).update(version=2)
    with pytest.raises(ConflictError):
        countersign(decision=decision, accepts=True, by=Actor(cast.supervisor))
    assert countersign(decision=decision, accepts=False, note="changed", by=Actor(cast.supervisor)).status == "declined"
