"""Two people who decide on one file at the same moment."""

import threading

import pytest
from django.db import OperationalError, connection, transaction

from credit.models import FicpConsultation
from credit.services.decisions import decide, record_grounds
from pretadepenser.core.errors import ConflictError
from pretadepenser.core.models import Actor, User
from tests.builders.clients import an_active_model
from tests.builders.decisions import a_file, today
from tests.builders.people import Cast

pytestmark = pytest.mark.django_db(transaction=True)

REFUSED = 0.2  # what the model of an_active_model advises


def test_of_two_people_who_decide_at_once_one_waits_and_the_other_is_refused(cast: Cast) -> None:
    """Each records a consultation too, which locks the file as well: neither may block the other for good."""
    client = a_file(1, cast.agency, an_active_model(), REFUSED)
    outcomes: list[str] = []
    both = threading.Barrier(2)

    def decide_at_once(by: User) -> None:
        both.wait()
        try:
            grounds = {"consulted_on": today(), "ficp_result": "clear"}
            answers = {"version": 1, "outcome": "granted", "reason": "because"}
            decide(client=client, grounds=grounds, answers=answers, by=Actor(by))
            outcomes.append("taken")
        except ConflictError as error:
            outcomes.append(error.code)
        finally:
            connection.close()

    people = [threading.Thread(target=decide_at_once, args=[by]) for by in (cast.advisor, cast.supervisor)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert sorted(outcomes) == ["already_waiting", "taken"]
    assert FicpConsultation.objects.count() == 1  # of the refused one nothing stays


def test_who_records_grounds_holds_the_file_until_the_decision(cast: Cast) -> None:
    """A second person who could record theirs meanwhile would then wait for the first, and the first for them."""
    client = a_file(1, cast.agency, None)
    outcomes: list[str] = []

    def second_person() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '100ms'")
        try:
            record_grounds(client=client, consulted_on=today(), ficp_result="clear", by=Actor(cast.supervisor))
            outcomes.append("recorded")
        except OperationalError as error:
            outcomes.append("waited" if "lock timeout" in str(error) else str(error))
        finally:
            connection.close()

    with transaction.atomic():
        record_grounds(client=client, consulted_on=today(), ficp_result="clear", by=Actor(cast.advisor))
        person = threading.Thread(target=second_person)
        person.start()
        person.join()
    assert outcomes == ["waited"]
