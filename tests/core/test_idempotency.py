"""Repeated POSTs have one effect and one response, for any sender at any time."""

import json
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory, force_authenticate
from rest_framework.views import APIView

from pretadepenser.core.api.idempotency import KEPT, idempotent, purge_idempotency_keys
from pretadepenser.core.models import Agency, IdempotencyKey, User
from pretadepenser.core.roles import Permission
from tests.builders.people import Cast

NAMES = "/agencies/"


class AgencyView(APIView):
    """Makes an agency of the name that it is sent; waits where a test says so."""

    permission = Permission.VIEW_CLIENTS
    entered = threading.Event()
    leave = threading.Event()

    @idempotent
    def post(self, request: Request) -> Response:
        agency = Agency.objects.create(name=request.data["name"])
        if request.data.get("waits"):
            self.entered.set()
            assert self.leave.wait(60)
        if request.data.get("fails"):
            raise exceptions.ValidationError({"name": ["wrong"]})
        location = f"{NAMES}{agency.pk}/"
        return Response({"id": agency.pk, "at": timezone.now()}, status=201, headers={"Location": location})


def send(user: User, body: dict[str, object], key: str = "", path: str = NAMES) -> Response:
    headers = {"Idempotency-Key": key} if key else {}
    request = APIRequestFactory().post(path, body, format="json", headers=headers)
    force_authenticate(request, user)
    return AgencyView.as_view()(request).render()


def body_of(response: Response) -> dict[str, object]:
    return json.loads(response.content)


@pytest.mark.django_db
def test_the_same_key_and_request_have_one_effect_and_one_answer(cast: Cast) -> None:
    first = send(cast.advisor, {"name": "Lille"}, "k1")
    again = send(cast.advisor, {"name": "Lille"}, "k1")
    assert Agency.objects.filter(name="Lille").count() == 1
    assert (first.status_code, body_of(first)) == (again.status_code, body_of(again))
    assert again["Location"] == first["Location"]
    assert again["Content-Type"] == first["Content-Type"]
    assert "Idempotency-Replayed" not in first
    assert again["Idempotency-Replayed"] == "true"


@pytest.mark.django_db
def test_the_order_of_the_fields_makes_no_other_request(cast: Cast) -> None:
    send(cast.advisor, {"name": "Lille", "x": 1}, "k1")
    assert send(cast.advisor, {"x": 1, "name": "Lille"}, "k1").status_code == 201


@pytest.mark.django_db
@pytest.mark.parametrize(("body", "path"), [({"name": "Nantes"}, NAMES), ({"name": "Lille"}, "/agencies/?x=1")])
def test_a_key_of_another_request_is_refused(cast: Cast, body: dict[str, object], path: str) -> None:
    send(cast.advisor, {"name": "Lille"}, "k1")
    answer = send(cast.advisor, body, "k1", path)
    assert (answer.status_code, answer.data["code"]) == (422, "key_reused")
    assert Agency.objects.filter(name="Nantes").count() == 0


@pytest.mark.django_db
def test_each_person_has_keys_of_their_own_and_without_a_key_nothing_is_promised(cast: Cast) -> None:
    send(cast.advisor, {"name": "Lille"}, "k1")
    assert send(cast.stranger, {"name": "Nantes"}, "k1").status_code == 201
    send(cast.advisor, {"name": "Metz"})
    assert IdempotencyKey.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_what_is_refused_is_undone_and_may_be_sent_again(cast: Cast) -> None:
    assert send(cast.advisor, {"name": "Lille", "fails": True}, "k1").status_code == 400
    assert not Agency.objects.filter(name="Lille").exists()
    assert send(cast.advisor, {"name": "Lille"}, "k1").status_code == 201


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["k" * 101, "clé", "a\tb"])
def test_a_key_of_other_characters_is_refused(cast: Cast, key: str) -> None:
    assert send(cast.advisor, {"name": "Lille"}, key).status_code == 400
    assert not IdempotencyKey.objects.exists()


@pytest.mark.django_db
def test_after_a_day_a_key_is_free_again_and_maintenance_removes_it(cast: Cast) -> None:
    send(cast.advisor, {"name": "Lille"}, "k1")
    send(cast.advisor, {"name": "Metz"}, "k2")
    old = timezone.now() - KEPT - timedelta(seconds=1)
    IdempotencyKey.objects.update(created_at=old)
    assert send(cast.advisor, {"name": "Nantes"}, "k1").status_code == 201
    assert purge_idempotency_keys() == 1
    assert IdempotencyKey.objects.get().key == "k1"


@pytest.mark.django_db(transaction=True)
def test_while_the_first_request_is_served_the_second_is_refused(cast: Cast) -> None:
    AgencyView.entered.clear()
    AgencyView.leave.clear()
    answers = []

    def first() -> None:
        answers.append(send(cast.advisor, {"name": "Lille", "waits": True}, "k1"))
        connection.close()

    thread = threading.Thread(target=first)
    thread.start()
    assert AgencyView.entered.wait(60)
    second = send(cast.advisor, {"name": "Lille", "waits": True}, "k1")
    AgencyView.leave.set()
    thread.join()
    assert (second.status_code, second.data["code"]) == (409, "in_progress")
    assert answers[0].status_code == 201
    assert body_of(send(cast.advisor, {"name": "Lille", "waits": True}, "k1")) == body_of(answers[0])
    assert Agency.objects.filter(name="Lille").count() == 1
