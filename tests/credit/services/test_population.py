"""The timetable's look at the store of the population: rebuilt when clients or scores have changed."""

import pytest

from credit.models import Client
from credit.services.population import refresh_population_store, request_population_store
from pretadepenser.core.models import SYSTEM, Job
from tests.builders.clients import a_client, a_score, an_active_model
from tests.builders.people import Cast

pytestmark = pytest.mark.django_db


def test_without_clients_there_is_nothing_to_build() -> None:
    assert refresh_population_store() is None


def test_a_store_is_asked_for_once_per_state_of_files_and_scores(cast: Cast) -> None:
    client = a_client(1, cast.agency)
    first = refresh_population_store()
    assert first is not None
    assert refresh_population_store() is None
    client.save()  # a new moment of change
    second = refresh_population_store()
    a_score(client, an_active_model(), 0.1)
    third = refresh_population_store()
    assert len({job.pk for job in (first, second, third) if job}) == 3
    assert refresh_population_store() is None


def test_a_store_that_an_import_asked_for_is_enough(cast: Cast) -> None:
    a_client(1, cast.agency)
    request_population_store(by=SYSTEM)
    assert refresh_population_store() is None
    assert (Job.objects.count(), Client.objects.count()) == (1, 1)
