"""The numbers of new files."""

import pytest

from credit.models import Client
from credit.services import clients
from credit.services.clients import NewClient, create_clients
from pretadepenser.core.models import Actor
from tests.builders.people import Cast
from tests.builders.simulations import World

pytestmark = pytest.mark.django_db


def a_new_client(cast: Cast) -> Client:
    return create_clients(entries=[NewClient({"AMT_CREDIT": 1e5})], by=Actor(cast.advisor))[0]


@pytest.mark.parametrize("imported", [2**53, 10**9, 2**40])
def test_new_numbers_do_not_follow_a_number_of_another_size(world: World, cast: Cast, imported: int) -> None:
    newest = max(client.pk for client in world.clients)
    Client.objects.create(pk=imported, agency=cast.agency, application=world.clients[0].application)
    assert [a_new_client(cast).pk for _ in range(2)] == [newest + 1, newest + 2]


def test_new_numbers_skip_those_that_are_taken_at_the_end_of_the_ordinary_ones(world: World, cast: Cast) -> None:
    for number in (10**9 - 1, 10**9, 10**9 + 2):
        Client.objects.create(pk=number, agency=cast.agency, application=world.clients[0].application)
    assert [a_new_client(cast).pk for _ in range(2)] == [10**9 + 1, 10**9 + 3]


def test_a_number_that_an_import_takes_meanwhile_is_chosen_again(
    world: World, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    newest = max(client.pk for client in world.clients)
    choose, taken = clients._numbers, []

    def choose_late(entries: list[NewClient]) -> list[int]:
        numbers = choose(entries)
        if not taken:
            taken.append(numbers[0])
            Client.objects.create(pk=numbers[0], agency=cast.agency, application=world.clients[0].application)
        return numbers

    monkeypatch.setattr(clients, "_numbers", choose_late)
    assert (taken, a_new_client(cast).pk) == ([newest + 1], newest + 2)
