import re
from html import unescape

import pytest
from django.test import Client as Browser
from django.utils import timezone

from credit.forms.numbers import NumberField
from credit.ml.simulation import Subject, query_values
from credit.models import FeatureSet, ModelVersion, Scenario, Score, ThresholdPolicy
from credit.selectors.clients import raw_application
from pretadepenser.core import formats
from pretadepenser.core.models import AuditEvent
from tests.builders.people import Cast
from tests.builders.simulations import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(client: Browser, cast: Cast) -> Browser:
    client.force_login(cast.advisor)
    return client


def simulated(browser: Browser, world: World, query: str = "", row: int = 0, **extra: str) -> str:
    response = browser.get(f"/clients/{world.clients[row].pk}/simulate/{query}", **extra)
    assert response.status_code == 200
    return unescape(response.content.decode())


def figures(html: str) -> list[str]:
    return re.findall(r'scenarios__figure">([^<]+)<', html)


def test_the_page_starts_from_the_stored_score(browser: Browser, world: World) -> None:
    stored = Score.objects.get(client=world.clients[0]).probability
    assert figures(simulated(browser, world)) == [formats.probability(stored)]
    assert not AuditEvent.objects.filter(action="client.simulated").exists()


def test_a_change_is_shown_beside_the_file_and_is_recorded(browser: Browser, world: World) -> None:
    html = simulated(browser, world, "?AMT_CREDIT=90000")
    assert len(figures(html)) == 2
    assert "90\u202f000" in html
    assert AuditEvent.objects.get(action="client.simulated").detail["changed"] == ["AMT_ANNUITY", "AMT_CREDIT"]


def test_sending_the_form_as_it_is_shown_changes_nothing(browser: Browser, world: World) -> None:
    """For every client: what the fields show is read back as unchanged, rounding of years included."""
    for row, client in enumerate(world.clients[:12]):
        html = simulated(browser, world, row=row)
        fields = dict(re.findall(r'<input[^>]* name="([A-Z_]+)" value="([^"]*)"', html))
        assert NumberField().clean(fields["AMT_CREDIT"]) == raw_application(client)["AMT_CREDIT"]
        again = browser.get(f"/clients/{client.pk}/simulate/", fields)
        assert len(figures(again.content.decode())) == 1


def test_instalments_and_down_payment_stand_for_the_instalment_and_the_amount(browser: Browser, world: World) -> None:
    html = simulated(browser, world, "?AMT_GOODS_PRICE=100000&DOWN_PAYMENT=10000&INSTALMENTS=20")
    [code] = re.findall(r'name="scenario" value="([^"]*)"', html)
    before = Subject(world.clients[0].vector, world.material.features[0]).loan
    after = before.priced(100_000).scaled(round(90_000 * before.loading, 2)).with_count(20)
    changed = {name: float(value) for name, value in query_values(code).items()}
    assert changed == pytest.approx(
        {"AMT_GOODS_PRICE": 1e5, "AMT_CREDIT": after.amount, "AMT_ANNUITY": after.instalment}
    )
    assert after.total > after.amount


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("?AMT_CREDIT=4000", "AMT_CREDIT"),
        ("?AMT_CREDIT=abc", "AMT_CREDIT"),
        ("?AMT_CREDIT=90000&AMT_ANNUITY=9000&INSTALMENTS=20", "INSTALMENTS"),
        ("?AMT_CREDIT=4000000&AMT_ANNUITY=1000", "AMT_ANNUITY"),
        ("?AMT_CREDIT=90000&held=price", "held"),
        ("?AMT_CREDIT=90000&DOWN_PAYMENT=20", "DOWN_PAYMENT"),
        ("?INSTALMENTS=500&AMT_CREDIT=90000", "INSTALMENTS"),
        ("?NAME_HOUSING_TYPE=Castle", "NAME_HOUSING_TYPE"),
        ("?DAYS_EMPLOYED=70", "DAYS_EMPLOYED"),
        ("?CNT_CHILDREN=1.5", "CNT_CHILDREN"),
    ],
)
def test_a_wrong_value_is_reported_at_its_field_and_nothing_is_simulated(
    browser: Browser, world: World, query: str, field: str
) -> None:
    html = simulated(browser, world, query)
    assert re.search(rf'id="id_{field}_error"', html), field
    assert len(figures(html)) == 1
    assert not AuditEvent.objects.filter(action="client.simulated").exists()


def test_what_is_held_stays_and_what_follows_is_shown_in_its_empty_field(browser: Browser, world: World) -> None:
    html = simulated(browser, world, "?AMT_CREDIT=90000&held=instalment")
    assert re.search(r'<input[^>]* name="INSTALMENTS"(?! value)[^>]* placeholder="\d+"', html)
    assert re.search(r'name="AMT_ANNUITY" value="[\d\s,.]+"', html)
    html = simulated(browser, world, "?AMT_CREDIT=90000")
    assert re.search(r'<input[^>]* name="AMT_ANNUITY"(?! value)[^>]* placeholder="[\d\s,.]+"', html)
    assert re.search(r'name="INSTALMENTS" value="\d+"', html)


def test_moves_of_a_slider_leave_the_event_of_their_page_and_nothing_else(browser: Browser, world: World) -> None:
    client = world.clients[0]
    simulated(browser, world)
    opened = AuditEvent.objects.count()
    for amount in (80_000, 90_000, 100_000):
        path = f"/clients/{client.pk}/simulate/levers/?AMT_CREDIT={amount}"
        html = unescape(browser.get(path, headers={"HX-Request": "true"}).content.decode())
        assert f'data-value="{amount}.00"' in html
    assert AuditEvent.objects.count() == opened
    browser.get(path)
    assert AuditEvent.objects.count() == opened + 1


def test_a_slider_moves_to_what_the_full_simulation_says(browser: Browser, world: World) -> None:
    query = "?AMT_CREDIT=90000&AMT_INCOME_TOTAL=120000"
    fragment = browser.get(f"/clients/{world.clients[0].pk}/simulate/levers/{query}").content.decode()
    [now] = re.findall(r'now__figure">([^<]+)<', fragment)
    assert figures(simulated(browser, world, query))[1] == unescape(now)
    assert fragment.count("<polyline") == 5


def test_a_slider_at_an_impossible_value_says_why(browser: Browser, world: World) -> None:
    url = f"/clients/{world.clients[0].pk}/simulate/levers/?AMT_CREDIT=4000000&AMT_ANNUITY=1000"
    html = browser.get(url, headers={"Accept-Language": "en"}).content.decode()
    assert "would never be repaid" in html
    assert "<polyline" not in html


def test_protected_attributes_are_not_offered(browser: Browser, world: World) -> None:
    html = simulated(browser, world)
    for name in ("CODE_GENDER", "DAYS_BIRTH", "EXT_SOURCE_1", "Maternity leave", "NAME_FAMILY_STATUS"):
        assert name not in html
    html = simulated(browser, world, "?CODE_GENDER=F")
    assert len(figures(html)) == 1


def test_several_scenarios_stand_side_by_side_and_the_address_holds_them(browser: Browser, world: World) -> None:
    client = world.clients[0]
    kept = browser.get(f"/clients/{client.pk}/simulate/?AMT_CREDIT=90000&keep=1")
    assert kept.status_code == 302
    assert re.fullmatch(r".*\?s=AMT_ANNUITY%3D[\d.]+%26AMT_CREDIT%3D90000", kept["Location"])
    html = simulated(
        browser, world, "?s=AMT_CREDIT%3D90000&s=AMT_CREDIT%3D200000%26AMT_ANNUITY%3D9000&AMT_CREDIT=50000"
    )
    assert len(figures(html)) == 4
    assert "Scénario 2" in html or "Scenario 2" in html


@pytest.mark.parametrize(
    "code",
    [
        "AMT_CREDIT%3Dnan",
        "x%3D1",
        "%00",
        "%00%3D1",
        "AMT_CREDIT",
        "AMT_CREDIT%3D9e999",
        "CODE_GENDER%3DF",
        "a%3D1%26" * 60,
    ],
)
def test_a_mistyped_address_still_opens(browser: Browser, world: World, code: str) -> None:
    assert len(figures(simulated(browser, world, f"?s={code}"))) == 1


def test_a_scenario_is_saved_by_its_button_and_named_ever_after(browser: Browser, world: World) -> None:
    client = world.clients[0]
    sent = {"name": "Moins cher", "scenario": "AMT_CREDIT=90000"}
    response = browser.post(f"/clients/{client.pk}/scenarios/", sent)
    assert response.status_code == 302
    saved = Scenario.objects.get()
    assert saved.changes == {"AMT_CREDIT": 90000.0}
    assert simulated(browser, world, "?s=AMT_CREDIT%3D90000").count("Moins cher") >= 2
    browser.post(f"/clients/{client.pk}/scenarios/{saved.pk}/delete/")
    assert not Scenario.objects.exists()


def test_a_scenario_of_another_client_is_not_there_to_delete(browser: Browser, world: World) -> None:
    browser.post(f"/clients/{world.clients[0].pk}/scenarios/", {"name": "x", "scenario": "AMT_CREDIT=90000"})
    other = f"/clients/{world.clients[1].pk}/scenarios/{Scenario.objects.get().pk}/delete/"
    assert browser.post(other).status_code == 404


def test_a_registered_model_says_that_it_cannot_be_simulated(browser: Browser, world: World) -> None:
    FeatureSet.objects.update(source=FeatureSet.Source.FILE)
    html = simulated(browser, world, "?AMT_CREDIT=90000")
    assert not figures(html)
    assert 'class="empty"' in html


def test_a_suspended_model_simulates_nothing(browser: Browser, world: World) -> None:
    ModelVersion.objects.update(suspended_at=timezone.now(), suspension_reason="dérive")
    html = simulated(browser, world, "?AMT_CREDIT=90000")
    assert not figures(html)
    assert "suspend" in html.lower()
    assert "suspend" in browser.get(f"/clients/{world.clients[0].pk}/recourse/").content.decode().lower()
    assert "%" not in re.sub(r"<[^>]+>", "", html)
    assert not AuditEvent.objects.filter(action="client.simulated").exists()


def test_recourse_is_a_page_and_a_fragment_whose_links_open_scenarios(browser: Browser, world: World) -> None:
    refused = Score.objects.filter(probability__gte=world.policy.threshold).values_list("client", flat=True)
    opened = 0
    for client_id in refused:
        url = f"/clients/{client_id}/recourse/"
        html = browser.get(url).content.decode()
        assert "<html" in html
        fragment = unescape(browser.get(url, headers={"HX-Request": "true"}).content.decode())
        assert "<html" not in fragment
        for link in re.findall(rf'/clients/{client_id}/simulate/(\?s=[^"]+)"', fragment):
            opened += 1
            shown = figures(unescape(browser.get(f"/clients/{client_id}/simulate/{link}").content.decode()))
            assert len(shown) == 2
            assert shown[1] in fragment
            assert "au lieu de" in fragment or "instead of" in fragment
    assert opened > 3


def test_the_page_follows_the_threshold_in_force(browser: Browser, world: World) -> None:
    ThresholdPolicy.objects.create(
        model_version=world.version, number=2, threshold=0.999, grey_low=0.998, grey_high=0.9995
    )
    assert "badge--granted" in simulated(browser, world, "?AMT_CREDIT=90000")
    assert "badge--refused" not in simulated(browser, world, "?AMT_CREDIT=90000")


def test_the_number_of_queries_does_not_grow_with_scenarios(
    browser: Browser, world: World, django_assert_max_num_queries
) -> None:
    simulated(browser, world)
    with django_assert_max_num_queries(10):
        simulated(browser, world, "?s=AMT_CREDIT%3D90000&s=AMT_CREDIT%3D95000&s=AMT_CREDIT%3D99000&AMT_CREDIT=80000")
