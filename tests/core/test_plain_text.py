"""Invisible characters end at the edges of the site: forms, endpoints, names."""

from importlib import import_module

import pytest
from django.apps import apps
from django.http import QueryDict
from django.test import Client as Browser

from credit.models import Client
from credit.services.clients import NewClient, create_clients
from pretadepenser.core.models import Actor
from pretadepenser.core.plain_text import one_line, plain_text, plain_values
from tests.builders.clients import a_client
from tests.builders.decisions import a_file
from tests.builders.people import Cast

INVISIBLE = "\u202e\u2066\u200b\u200f\ufeff\u00ad\x1b\x07\x85\ud800"


def test_what_nobody_sees_is_left_out_and_the_rest_stays() -> None:
    assert plain_text(f"a{INVISIBLE}b\n\tc") == "ab\n\tc"
    assert plain_text("Ἀθηνᾶ, فاطمة, 李, é, 😀, 1 200,50 €") == "Ἀθηνᾶ, فاطمة, 李, é, 😀, 1 200,50 €"
    assert one_line(" Léa\u2028\r\n Martin\u200b ") == "Léa Martin"


def test_every_value_of_a_form_is_made_plain() -> None:
    assert plain_values(QueryDict("a=%E2%80%AEx&a=y&b=%1B")) == QueryDict("a=x&a=y&b=")


@pytest.mark.django_db
def test_a_name_and_a_reason_from_a_form_hold_no_invisible_character(client: Browser, cast: Cast) -> None:
    client.force_login(cast.advisor)
    names = {"last_name": f"Mar{INVISIBLE[:-1]}tin", "first_name": "\u200bLéa"}
    client.post("/clients/new/", {"AMT_CREDIT": "1000", **names})
    assert Client.objects.get().full_name == "Léa Martin"
    file = a_file(7, cast.agency, None)
    reason = f"an identity card{INVISIBLE[:-1]}\r\na payslip"
    client.post(f"/clients/{file.pk}/decision/", {"version": 1, "outcome": "documents", "reason": reason})
    assert file.decisions.get().reason == "an identity card\r\na payslip"


@pytest.mark.django_db
def test_neither_do_those_from_the_api(client: Browser, cast: Cast) -> None:
    client.force_login(cast.advisor)
    body = {"application": {"AMT_CREDIT": 1000}, "last_name": "Mar\u202etin\x1b", "first_name": "L\u200béa"}
    client.post("/api/v1/clients/", body, content_type="application/json")
    assert Client.objects.get().full_name == "Léa Martin"


@pytest.mark.django_db
def test_nor_those_that_a_service_is_given(cast: Cast) -> None:
    entry = NewClient({"AMT_CREDIT": 1000.0}, {"first_name": "ﬃ" * 80, "last_name": f"{'ß' * 80}\u200b"})
    client = create_clients(entries=[entry], by=Actor(cast.advisor))[0]
    client.refresh_from_db()
    assert client.last_name == "ß" * 80


@pytest.mark.django_db
def test_names_folded_before_other_scripts_counted_are_folded_again(cast: Cast) -> None:
    for number, name in enumerate(("Юлия Йовович", "Anne Faure"), start=1):
        a_client(number, cast.agency, name)
    Client.objects.update(sort_name="")
    import_module("credit.migrations.0012_fold_names_of_every_script").fold_again(apps, None)
    assert list(Client.objects.order_by("pk").values_list("sort_name", flat=True)) == ["иовович юлия", ""]
