"""An advisor tries other values, keeps and saves a scenario, asks what would be enough, and works on files."""

import re

import pytest

from credit.models import Client, Scenario
from tests.browser.visitor import Visitor, at_desk_and_on_phone, text_of
from tests.builders.people import Cast
from tests.builders.simulations import World, store

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def site(material: object, cast: Cast) -> World:
    return store(material, cast.agency)


@at_desk_and_on_phone
def test_a_simulation_follows_each_change_and_is_saved(visitor: Visitor, site: World) -> None:
    client = site.clients[0]
    visitor.sign_in("advisor")
    page = visitor.open(f"/clients/{client.pk}/simulate/")
    assert page.locator(".scenarios__figure").count() == 1
    visitor.check()
    page.fill("#id_AMT_CREDIT", "90000")
    page.locator("#id_AMT_CREDIT").press("Tab")
    page.wait_for_selector(".scenarios__figure >> nth=1")
    page.wait_for_url("**AMT_CREDIT=90000**")
    visitor.check()
    page.click("button[name=keep]")
    page.wait_for_url("**/simulate/?s=AMT_CREDIT%3D90000")
    page.click(".scenarios summary")
    page.fill(".scenarios input[name=name]", "Moins cher")
    visitor.follow(".scenarios form button")
    assert Scenario.objects.get().changes == {"AMT_CREDIT": 90000.0}
    assert "Moins cher" in text_of(page)
    visitor.check()
    page.click("#recourse a")
    page.wait_for_selector("#recourse .lead")
    visitor.check()


def test_a_new_file_shows_its_completeness_while_it_is_typed(visitor: Visitor, site: World) -> None:
    visitor.sign_in("advisor")
    page = visitor.open("/clients/new/")
    visitor.check()
    page.fill("#id_AMT_CREDIT", "90000")
    page.locator("#id_AMT_CREDIT").press("Tab")
    page.wait_for_selector("#completeness [aria-valuenow='1']", state="attached")
    page.fill("#id_last_name", "Blanc")
    visitor.follow("form[hx-post] button[type=submit]")
    assert page.url.endswith(f"/clients/{Client.objects.get(last_name='Blanc').pk}/")
    visitor.check()


def test_two_people_change_a_file_in_clean_pages(visitor: Visitor, site: World) -> None:
    client = site.clients[0]
    visitor.sign_in("advisor")
    page = visitor.open(f"/clients/{client.pk}/edit/")
    visitor.check()
    Client.objects.filter(pk=client.pk).update(version=2, last_name="Neuf")
    page.fill("#id_AMT_INCOME_TOTAL", "99000")
    visitor.follow("form[hx-post] button[type=submit]")
    assert "Neuf" in page.locator(".panel table").inner_text()
    assert re.sub(r"\D", "", page.input_value("#id_AMT_INCOME_TOTAL")) == "99000"
    visitor.expect_refusal(409)
    visitor.check()
    visitor.follow("form[hx-post] button[type=submit]")
    client.refresh_from_db()
    assert (client.last_name, client.income, client.version) == ("Neuf", 99000.0, 3)
