"""An advisor tries other values, keeps and saves a scenario, asks what would be enough, and works on files."""

import re

import pytest

from credit.models import Client, Scenario, Score
from pretadepenser.core.models import AuditEvent
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
    page.wait_for_url(re.compile(r"/simulate/\?s=AMT_ANNUITY%3D[\d.]+%26AMT_CREDIT%3D90000$"))
    page.click(".scenarios summary")
    page.fill(".scenarios input[name=name]", "Moins cher")
    visitor.follow(".scenarios form button")
    assert Scenario.objects.get().changes.keys() == {"AMT_CREDIT", "AMT_ANNUITY"}
    assert Scenario.objects.get().changes["AMT_CREDIT"] == 90000.0
    assert "Moins cher" in text_of(page)
    visitor.check()
    page.click("#recourse a")
    page.wait_for_selector("#recourse .lead")
    visitor.check()


@at_desk_and_on_phone
def test_the_needle_follows_a_slider_and_the_journal_notes_its_release(visitor: Visitor, site: World) -> None:
    client = Score.objects.order_by("-probability")[0].client
    visitor.sign_in("advisor")
    page = visitor.open(f"/clients/{client.pk}/simulate/")
    figure, slider = page.locator(".now__figure"), page.locator("[data-lever=AMT_CREDIT]")
    before, instalment = figure.inner_text(), page.input_value("#id_AMT_ANNUITY")
    events = AuditEvent.objects.count()
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    assert box
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.43, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + 12, middle, steps=8)
    page.wait_for_function("before => document.querySelector('.now__figure').innerText !== before", arg=before)
    amount = re.sub(r"\D", "", page.input_value("#id_AMT_CREDIT"))
    page.wait_for_function(
        "amount => document.querySelector('#curve-AMT_CREDIT').dataset.value === amount", arg=f"{amount}.00"
    )
    assert page.input_value("#id_AMT_ANNUITY") == ""
    placeholder = page.locator("#id_AMT_ANNUITY").get_attribute("placeholder")
    assert placeholder and placeholder != instalment
    assert page.locator(".now").is_visible()
    assert AuditEvent.objects.count() == events
    page.mouse.up()
    page.wait_for_selector(".scenarios__figure >> nth=1")
    assert page.locator(".scenarios__figure >> nth=1").inner_text() == figure.inner_text()
    assert AuditEvent.objects.filter(action="client.simulated").count() == 1
    visitor.check()
    page.locator("#outcome").scroll_into_view_if_needed()
    assert page.locator(".now__figure").bounding_box()["y"] >= 0  # still in sight


def test_a_slider_is_moved_by_keys_and_says_its_value(visitor: Visitor, site: World) -> None:
    visitor.sign_in("advisor")
    page = visitor.open(f"/clients/{site.clients[0].pk}/simulate/")
    slider = page.locator("[data-lever=INSTALMENTS]")
    slider.focus()
    count = int(slider.get_attribute("aria-valuetext") or "")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert slider.get_attribute("aria-valuetext") == str(count + 2)
    page.wait_for_url(f"**INSTALMENTS={count + 2}**")
    assert AuditEvent.objects.filter(action="client.simulated").count() == 1
    assert slider.evaluate("slider => slider === document.activeElement")
    assert page.locator("#curve-INSTALMENTS svg[role=img]").get_attribute("aria-label")
    page.click("#curve-INSTALMENTS summary")
    assert page.locator("#curve-INSTALMENTS tbody tr").count() > 5


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
