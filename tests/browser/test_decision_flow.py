"""The advisor's day: from the queue to a decision against the model, its countersignature, the letter and a review."""

import pytest

from credit.models import Decision
from pretadepenser.core.models import AuditEvent
from tests.browser.conftest import Visitor, text_of
from tests.cast import Cast
from tests.credit.client_files import a_client, a_score, an_active_model, an_explanation

pytestmark = pytest.mark.django_db(transaction=True)

CHOICES = {"granted": 0, "refused": 1, "documents": 2}


@pytest.fixture
def portfolio(cast: Cast) -> None:
    version = an_active_model()
    for number in range(1, 10):
        a_score(a_client(100_000 + number, cast.agency, f"Léa Martin{number}", amount=1e5), version, number / 80)
    zoe = a_client(100_100, cast.agency, "Zoé Petit", amount=406_597.5, income=202_500.0, annuity=24_700.5)
    an_explanation(zoe, version, contributions=(0.5, 0.2, -0.1, 0.0), values=(0.26, -637.0, 4e5, float("nan")))


def submit(visitor: Visitor, selector: str) -> None:
    visitor.page.click(selector)
    visitor.page.wait_for_load_state("networkidle")


def decide(visitor: Visitor, outcome: str, reason: str) -> None:
    visitor.page.check(f"#id_outcome_{CHOICES[outcome]}")
    visitor.page.fill("#id_reason", reason)
    submit(visitor, ".decide button[type=submit]")


def test_from_the_queue_to_the_letter(visitor: Visitor, portfolio: None) -> None:
    page = visitor.sign_in("advisor")
    assert page.url.endswith("/home/")
    assert page.locator("#to-decide-title").inner_text().endswith("10")
    visitor.check()

    page.fill("#site-search", "petit")
    page.press("#site-search", "Enter")
    submit(visitor, "tbody th a")
    assert "13,0 %" in text_of(page)
    submit(visitor, ".tabs a[href$='/decision/']")
    visitor.check()

    submit(visitor, "form[action$='/ficp/'] button[type=submit]")
    page.fill("#id_monthly_charges", "1200")
    submit(visitor, "form[action$='/charges/'] button[type=submit]")
    assert "(202 500 − 24 700) ÷ 12 − 1 200" in text_of(page)
    decide(visitor, "granted", "")
    visitor.complaints.clear()  # the browser notes the 422 itself
    assert page.locator("[aria-invalid=true]").evaluate("each => each === document.activeElement")
    visitor.check()
    decide(visitor, "granted", "Permanent contract since June, seen today.")
    assert Decision.objects.get().status == "waiting"
    assert page.locator("button[name=accepts]").count() == 0
    visitor.check()

    visitor.context.clear_cookies()
    page = visitor.sign_in("supervisor")
    assert page.locator("h2").first.get_attribute("id") == "waiting-title"
    visitor.check()
    submit(visitor, ".queue__row a")
    visitor.check()
    submit(visitor, "button[name=accepts][value=yes]")
    assert Decision.objects.get().status == "final"
    visitor.check()

    submit(visitor, "a[href*='/letter/']")
    letter = page.inner_text(".letter")
    assert "%" not in letter
    assert "€" not in letter
    assert page.locator(".letter ol li").count() == 3
    visitor.check()
    assert page.locator("[data-print]").is_visible()
    page.evaluate("window.print = () => document.body.setAttribute('data-printed', 'yes')")
    page.click("[data-print]")
    assert page.locator("body[data-printed=yes]").count() == 1
    page.emulate_media(media="print")
    assert page.locator(".letter").is_visible()
    for hidden in (".site-header", ".site-footer", "[data-print]"):
        assert not page.locator(hidden).is_visible()
    page.emulate_media(media="screen")

    visitor.context.clear_cookies()
    visitor.sign_in("auditor")
    page = visitor.open("/clients/100100/decision/")
    assert "Permanent contract since June" in text_of(page)
    assert page.locator("main form").count() == 0
    visitor.check()
    told = AuditEvent.objects.filter(object_id="100100").exclude(action="client.opened").order_by("pk")
    assert list(told.values_list("action", flat=True)) == [
        "ficp.recorded",
        "client.charges_recorded",
        "decision.taken",
        "decision.countersigned",
        "letter.opened",
    ]


def test_a_borrower_asks_for_a_review(visitor: Visitor, portfolio: None) -> None:
    visitor.sign_in("advisor")
    page = visitor.open("/clients/100100/decision/")
    submit(visitor, "form[action$='/ficp/'] button[type=submit]")
    decide(visitor, "refused", "")
    submit(visitor, "a[href$='/review/']")
    visitor.check()
    page.fill("#id_borrower_comment", "I have a new job.")
    submit(visitor, "main form button[type=submit]")
    visitor.check()
    visitor.context.clear_cookies()
    visitor.sign_in("supervisor")
    submit(visitor, "#reviews-title ~ ul a")
    visitor.check()
    page.check("#id_outcome_1")
    page.fill("#id_note", "The new job counts.")
    submit(visitor, "main form button[type=submit]")
    visitor.check()
    visitor.open("/home/")  # the file is back among those to decide
    assert page.locator("#to-decide-title").inner_text().endswith("10")
    visitor.check()
