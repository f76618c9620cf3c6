"""An advisor signs in, finds a client and reads the score, the reasons and the model's card."""

import pytest

from tests.browser.visitor import Visitor, at_desk_and_on_phone, text_of
from tests.builders.clients import a_client, a_score, an_active_model, an_explanation
from tests.builders.people import Cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def portfolio(cast: Cast) -> None:
    version = an_active_model()
    for number in range(1, 31):
        client = a_client(100_000 + number, cast.agency, f"Léa Martin{number}", amount=1e5 * number, age_years=30)
        if number > 2:
            a_score(client, version, number / 100)
    explained = a_client(100_100, cast.agency, "Zoé Petit", amount=406_597.5, age_years=25)
    an_explanation(explained, version, contributions=(0.5, 0.2, -0.1, 0.0), values=(0.26, -637.0, 4e5, float("nan")))


def test_the_sign_in_page_is_clean(visitor: Visitor) -> None:
    visitor.open("/sign-in/")
    visitor.check()


@at_desk_and_on_phone
def test_an_advisor_finds_a_client_and_reads_why(visitor: Visitor, portfolio: None) -> None:
    page = visitor.sign_in("advisor")
    visitor.check()
    page.goto(visitor.base + "/clients/?q=petit")
    visitor.follow("text=Zoé Petit")
    words = text_of(page)
    assert "13,0 %" in words
    assert "au-dessus du seuil de 9,0 %" in words
    assert page.locator(".reason").count() == 3
    visitor.check()
    visitor.follow(".tabs a >> nth=1")
    page.click(".theme >> nth=0")
    assert "Score externe 2" in text_of(page)
    visitor.check()


def test_the_list_sorts_and_pages(visitor: Visitor, portfolio: None) -> None:
    visitor.sign_in("advisor")
    page = visitor.open("/clients/?sort=-risk")
    assert page.locator("tbody tr").first.inner_text().startswith("Léa Martin30")
    visitor.open("/clients/?sort=-risk&page=2")
    visitor.check()


def test_a_file_without_explanation_says_so_cleanly(visitor: Visitor, portfolio: None) -> None:
    visitor.sign_in("advisor")
    visitor.open("/clients/100005/")
    visitor.check()
    visitor.open("/clients/100001/")
    visitor.check()


def test_the_model_and_the_jobs_have_clean_pages(visitor: Visitor, portfolio: None) -> None:
    visitor.sign_in("advisor")
    for path in ("/model/", "/jobs/", "/clients/?q=nobody"):
        visitor.open(path)
        visitor.check()


def test_a_missing_page_is_clean(visitor: Visitor, portfolio: None) -> None:
    visitor.sign_in("advisor")
    visitor.open("/clients/999/")
    visitor.expect_refusal(404)
    visitor.check()


def test_the_screen_turns_english(visitor: Visitor, portfolio: None) -> None:
    visitor.sign_in("advisor")
    page = visitor.open("/clients/100100/")
    visitor.follow("button[value=en]")
    assert "Probability of default" in text_of(page)
    assert "13.0%" in text_of(page)
    visitor.check()
