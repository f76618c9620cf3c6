"""An advisor asks how a client compares: the four questions, the group, and what an address keeps."""

from pathlib import Path

import pytest

from credit.services.population import request_population_store
from pretadepenser.core.models import SYSTEM
from tests.browser.visitor import Visitor, text_of
from tests.builders.people import Cast
from tests.builders.populations import OWN, a_current_store, comparable_clients

pytestmark = pytest.mark.django_db(transaction=True)
URL = f"/clients/{OWN}/compare/"


@pytest.fixture
def clients(cast: Cast, settings, tmp_path: Path) -> None:
    settings.STATE_DIR = tmp_path
    a_current_store(comparable_clients(cast, 300))


def test_every_question_is_answered_on_a_clean_page(visitor: Visitor, clients: None) -> None:
    visitor.sign_in("advisor")
    for query in (
        "",
        "?view=distribution&variable=AMT_CREDIT",
        "?view=distribution&variable=OCCUPATION_TYPE",
        "?view=relation",
        "?view=relation&x=NAME_FAMILY_STATUS&y=OCCUPATION_TYPE",
        "?view=nearest",
        "?family=Widow&age=near&income=near&amount=near&tolerance=narrow",
    ):
        visitor.open(URL + query)
        visitor.check()


def test_the_group_and_the_point_are_chosen_by_drop_downs_and_stay_in_the_address(
    visitor: Visitor, clients: None
) -> None:
    page = visitor.sign_in("advisor")
    visitor.open(f"{URL}?view=distribution")
    page.select_option("#select-variable", "AMT_CREDIT")
    page.wait_for_url("**variable=AMT_CREDIT**")
    assert page.locator("canvas").count() == 2
    page.click("main summary >> nth=0")
    page.select_option("#select-contract", "Cash loans")
    page.click(".filters button")
    page.wait_for_url("**contract=Cash+loans**")
    assert "clients semblables" in text_of(page)
    assert "variable=AMT_CREDIT" in page.url
    visitor.check()


def test_without_a_store_the_page_waits_for_it_and_opens_by_itself(
    visitor: Visitor, cast: Cast, settings, tmp_path: Path
) -> None:
    settings.STATE_DIR = tmp_path
    version = comparable_clients(cast, 60)
    request_population_store(by=SYSTEM)
    page = visitor.sign_in("advisor")
    visitor.open(URL)
    visitor.check()
    assert page.locator("svg.box").count() == 0
    a_current_store(version)
    page.wait_for_selector("svg.box")
    visitor.check()
