"""The advisor's day: from the queue to a decision against the model, its countersignature, the letter and a review."""

import pytest

from credit.access import Reading
from credit.models import Decision
from pretadepenser.core.models import AuditEvent
from tests.browser.visitor import Visitor, at_desk_and_on_phone, text_of
from tests.builders.clients import a_client, a_score, an_active_model, an_explanation
from tests.builders.people import Cast

pytestmark = pytest.mark.django_db(transaction=True)

CHOICES = {"granted": 0, "refused": 1, "documents": 2}


@pytest.fixture
def portfolio(cast: Cast) -> None:
    version = an_active_model()
    for number in range(1, 10):
        a_score(a_client(100_000 + number, cast.agency, f"Léa Martin{number}", amount=1e5), version, number / 80)
    zoe = a_client(100_100, cast.agency, "Zoé Petit", amount=406_597.5, income=202_500.0, annuity=24_700.5)
    an_explanation(zoe, version, contributions=(0.5, 0.2, -0.1, 0.0), values=(0.26, -637.0, 4e5, float("nan")))


def decide(visitor: Visitor, outcome: str, reason: str) -> None:
    visitor.page.check(f"#id_outcome_{CHOICES[outcome]}")
    visitor.page.fill("#id_reason", reason)
    visitor.follow(".decide button[type=submit]:not([name])")


@at_desk_and_on_phone
def test_from_the_queue_to_the_letter(visitor: Visitor, portfolio: None) -> None:
    open_the_file_from_the_queue(visitor)
    decide_against_the_advice(visitor)
    assert Decision.objects.get().status == "waiting"
    countersign(visitor)
    assert Decision.objects.get().status == "final"
    read_and_print_the_letter(visitor)

    visitor.sign_in("auditor")
    page = visitor.open("/clients/100100/decision/")
    assert "Permanent contract since June" in text_of(page)
    assert page.locator("main form").count() == 0
    visitor.check()
    readings = [Reading.FILE, Reading.DECISIONS]
    events = AuditEvent.objects.filter(object_id="100100").exclude(action__in=readings).order_by("pk")
    assert list(events.values_list("action", flat=True)) == [
        "ficp.recorded",
        "client.charges_recorded",
        "decision.taken",
        "decision.countersigned",
        "letter.opened",
    ]


def open_the_file_from_the_queue(visitor: Visitor) -> None:
    page = visitor.sign_in("advisor")
    assert page.url.endswith("/home/")
    assert page.locator("#to-decide-title").inner_text().endswith("10")
    visitor.check()
    page.fill("#site-search", "petit")
    with page.expect_navigation():
        page.press("#site-search", "Enter")
    visitor.follow("tbody th a")
    assert "13,0 %" in text_of(page)
    visitor.follow(".tabs a[href$='/decision/']")
    visitor.check()


def decide_against_the_advice(visitor: Visitor) -> None:
    """Which asks for a reason and waits for a supervisor."""
    page = visitor.page
    page.check("#id_ficp_result_0")
    page.fill("#id_monthly_charges", "1200")
    assert not page.locator(".decide__note--granted").is_visible()
    decide(visitor, "granted", "")
    visitor.expect_refusal(422)
    assert page.locator("[aria-invalid=true]").evaluate("field => field === document.activeElement")
    assert page.locator(".decide__note--granted").is_visible()
    visitor.check()
    decide(visitor, "granted", "Permanent contract since June, seen today.")
    assert page.locator("button[name=accepts]").count() == 0
    visitor.check()


def countersign(visitor: Visitor) -> None:
    page = visitor.sign_in("supervisor")
    assert page.locator("h2").first.get_attribute("id") == "waiting-title"
    visitor.check()
    visitor.follow(".queue__row a")
    visitor.check()
    visitor.follow("button[name=accepts][value=yes]")
    visitor.check()


def read_and_print_the_letter(visitor: Visitor) -> None:
    page = visitor.follow("a[href*='/letter/']")
    letter = page.inner_text(".letter")
    assert "%" not in letter
    assert "€" not in letter
    assert page.locator(".letter ol li").count() == 3
    visitor.check()
    assert page.locator("[data-print]").is_visible()
    page.evaluate("window.print = () => document.body.setAttribute('data-printed', 'yes')")
    page.click("[data-print]")
    page.wait_for_selector("body[data-printed=yes]")
    page.emulate_media(media="print")
    assert page.locator(".letter").is_visible()
    for hidden in (".site-header", ".site-footer", "[data-print]"):
        assert not page.locator(hidden).is_visible()
    page.emulate_media(media="screen")


def test_a_borrower_asks_for_a_review(visitor: Visitor, portfolio: None) -> None:
    visitor.sign_in("advisor")
    page = visitor.open("/clients/100100/decision/")
    page.check("#id_ficp_result_0")
    decide(visitor, "refused", "")
    assert "/letter/" in page.url
    visitor.open("/clients/100100/decision/")
    visitor.follow("a[href$='/review/']")
    visitor.check()
    page.fill("#id_borrower_comment", "I have a new job.")
    visitor.follow("main form button[type=submit]")
    visitor.check()
    visitor.sign_in("supervisor")
    visitor.follow("#reviews-title ~ ul a")
    visitor.check()
    page.check("#id_outcome_1")
    page.fill("#id_note", "The new job counts.")
    visitor.follow("main form button[type=submit]")
    visitor.check()
    visitor.open("/home/")  # the file is back among those to decide
    assert page.locator("#to-decide-title").inner_text().endswith("10")
    visitor.check()
