import io
import re
from html import unescape

import pytest
from django.test import Client as Browser
from pypdf import PdfReader

from credit.models import Client, Decision
from credit.presenters.letter import elements
from pretadepenser.core.models import AuditEvent
from tests.builders.clients import a_client, an_active_model, an_explanation
from tests.builders.decisions import a_decision, a_file
from tests.builders.people import Cast

pytestmark = pytest.mark.django_db

#: What decisions of earlier releases kept: themes alone.
THEMES = [
    {"theme": theme, "points": points}
    for theme, points in (
        ("region", -0.2),
        ("income", 0.05),
        ("contact", 0.04),
        ("assets", 0.03),
        ("housing", 0.02),
        ("age", 0.01),
    )
]


def read(browser: Browser, decision: Decision, language: str = "en") -> str:
    response = browser.get(f"/clients/1/letter/{decision.pk}/", headers={"Accept-Language": language})
    assert response.status_code == 200
    return unescape(response.content.decode())


def read_pdf(browser: Browser, decision: Decision, language: str = "en") -> str:
    """The words of the PDF, spaces and line breaks made plain."""
    response = browser.get(f"/clients/1/letter/{decision.pk}.pdf", headers={"Accept-Language": language})
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    assert response["Cache-Control"] == "no-store"
    reader = PdfReader(io.BytesIO(response.content))
    assert reader.trailer["/Root"]["/Lang"] == language
    return plain(" ".join(page.extract_text() for page in reader.pages))


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def a_refusal(cast: Cast) -> Decision:
    client = a_client(1, cast.agency, "Léa Martin")
    an_explanation(client, an_active_model(), contributions=(0.5, 0.2, -0.1, 0.0), values=(0.26, -637.0, 4e5, 0.0))
    return a_decision(client, cast.advisor, "refused")


def test_a_refusal_names_the_facts_that_weighed_against_it_and_no_score(client: Browser, cast: Cast) -> None:
    decision = a_refusal(cast)
    client.force_login(cast.advisor)
    html = read(client, decision)
    letter = html[html.index('<article class="letter') : html.index("</article>")]
    assert "Your loan application is refused" in letter
    assert letter.count("<li>") == 2
    assert "<li>External score 2: 0.260 out of 1 (median: 0.570)</li>" in letter
    assert "<li>In the current job for 1\xa0year (median: 3\xa0years)</li>" in letter
    assert "spoke for" not in letter
    assert "It is a decision aid: it advises, and a person decides." in letter
    assert "ask that another person look at your application again" in letter
    assert "within 30 days" in letter
    for absent in ("€", "13.0", "%", " points", "Sex", "CODE_GENDER"):
        assert absent not in letter
    assert AuditEvent.objects.filter(action="letter.opened", object_id="1", actor=cast.advisor).count() == 1


def test_the_letter_says_the_same_after_the_file_and_the_model_changed(client: Browser, cast: Cast) -> None:
    decision = a_refusal(cast)
    client.force_login(cast.advisor)
    before = read(client, decision)
    decision.client.explanations.all().delete()
    decision.client.scores.all().delete()
    after = read(client, decision)
    assert before[before.index("<ol>") :] == after[after.index("<ol>") :]


def test_at_most_four_elements_stand_in_it_of_a_refusal_only_those_against() -> None:
    refused = Decision(outcome="refused", advice="refused", score_reasons=THEMES)
    lowering, raising = elements(refused)
    assert ([reason.theme for reason in raising], lowering) == (["income", "contact", "assets", "housing"], ())
    lowering, raising = elements(Decision(outcome="granted", advice="granted", score_reasons=THEMES))
    assert [reason.theme for reason in (*lowering, *raising)] == ["region", "income", "contact", "assets"]
    assert elements(Decision(outcome="documents", advice="granted", score_reasons=THEMES)) == ((), ())


def test_decisions_that_kept_only_themes_name_them(client: Browser, cast: Cast) -> None:
    decision = a_refusal(cast)
    Decision.objects.update(score_reasons=THEMES)
    client.force_login(cast.advisor)
    assert "<li>Income</li><li>Means of contact</li>" in read(client, decision)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_page_letter_pdf_and_api_give_the_same_words(client: Browser, cast: Cast, language: str) -> None:
    """Of someone without employment and without a history elsewhere, whose score is external and low."""
    file, version = a_client(1, cast.agency, "Léa Martin"), an_active_model()
    nan = float("nan")
    an_explanation(file, version, contributions=(0.6, -0.1, 0.2, 0.0), values=(0.26, nan, 6e5, nan))
    decision = a_decision(file, cast.advisor, "refused")
    client.force_login(cast.advisor)
    answer = client.get("/api/v1/clients/1/explanation/", headers={"Accept-Language": language}).json()
    reasons = answer["reasons"]["main"]
    assert len(reasons) == 3
    page = unescape(client.get("/clients/1/", headers={"Accept-Language": language}).content.decode())
    assert [reason["text"] for reason in reasons] == re.findall(r'reason__sentence">([^<]+)<', page)
    raising = [reason["text"] for reason in reasons if reason["points"] > 0]
    html = read(client, decision, language)
    assert re.findall("<li>([^<]+)</li>", html[html.index('<article class="letter') :]) == raising
    assert [text for text in raising if plain(text) not in read_pdf(client, decision, language)] == []
    assert reasons[2]["evidence"] == {"feature": "DAYS_EMPLOYED", "value": None, "median": None}
    assert reasons[2]["text"] == {"en": "Not employed or retired", "fr": "Sans emploi ou à la retraite"}[language]
    total = answer["reasons"]["base_probability"] + sum(reason["points"] for reason in reasons)
    assert total + answer["reasons"]["others"] == pytest.approx(answer["probability"])


def test_without_advice_or_explanation_the_letter_says_so(client: Browser, cast: Cast) -> None:
    decision = a_decision(a_file(1, cast.agency, None), cast.advisor, "refused")
    client.force_login(cast.advisor)
    assert "No statistical model was used" in read(client, decision)
    Decision.objects.filter(pk=decision.pk).update(advice="refused")
    assert "The elements of this estimate are not listed here" in read(client, decision)


def test_departing_from_the_advice_is_reported(client: Browser, cast: Cast) -> None:
    client.force_login(cast.advisor)
    decision = a_decision(a_file(1, cast.agency, an_active_model(), 0.05), cast.advisor, "refused", "because")
    Decision.objects.filter(pk=decision.pk).update(status="final")
    assert "departed from the model's advice" in read(client, decision)


def test_documents_are_listed_in_the_letter(client: Browser, cast: Cast) -> None:
    decision = a_decision(a_file(1, cast.agency, None), cast.advisor, "documents", "Three payslips")
    client.force_login(cast.advisor)
    assert "Three payslips" in read(client, decision)


def test_the_letter_is_of_the_client_and_of_the_agency(client: Browser, cast: Cast) -> None:
    decision = a_refusal(cast)
    a_file(2, cast.agency, None)
    client.force_login(cast.advisor)
    assert client.get(f"/clients/2/letter/{decision.pk}/").status_code == 404
    client.force_login(cast.stranger)
    assert client.get(f"/clients/1/letter/{decision.pk}/").status_code == 404


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_pdf_says_word_for_word_what_the_screen_says(client: Browser, cast: Cast, language: str) -> None:
    decision = a_refusal(cast)
    Client.objects.update(first_name="Zoé", last_name="Œuvrard d’Łódź")
    client.force_login(cast.advisor)
    html = read(client, decision, language)
    letter = html[html.index('<article class="letter') : html.index("</article>")]
    in_pdf = read_pdf(client, decision, language)
    assert "Zoé Œuvrard d’Łódź" in in_pdf
    sentences = [plain(words) for words in re.split("<[^>]+>", letter) if plain(words)]
    assert len(sentences) > 10
    assert [sentence for sentence in sentences if sentence not in in_pdf] == []
    assert AuditEvent.objects.filter(action="letter.saved", object_id="1", actor=cast.advisor).count() == 1


def test_the_pdf_numbers_its_elements_and_keeps_what_was_typed(client: Browser, cast: Cast) -> None:
    client.force_login(cast.advisor)
    assert re.search(r" 1\. .+ 2\. .+Your rights", read_pdf(client, a_refusal(cast)))
    Decision.objects.update(outcome="documents", reason="Trois fiches de paie\nUne pièce d’identité")
    assert "we need from you: Trois fiches de paie Une pièce d’identité Who decided" in read_pdf(
        client, Decision.objects.get()
    )


def test_a_long_letter_takes_more_sheets_and_loses_nothing(client: Browser, cast: Cast) -> None:
    decision = a_refusal(cast)
    asked = [f"document number {number}" for number in range(90)]
    Decision.objects.update(outcome="documents", reason="\n".join(asked))
    client.force_login(cast.advisor)
    text = read_pdf(client, decision)
    assert [each for each in asked if each not in text] == []
    assert "1 · 2/3" in text


@pytest.mark.parametrize("name", ["Иван Петров", "مريم", "Zoé 😀"])
def test_a_name_that_the_typeface_cannot_write_is_reported_not_left_blank(
    client: Browser, cast: Cast, name: str
) -> None:
    decision = a_refusal(cast)
    Client.objects.update(first_name="", last_name=name)
    client.force_login(cast.advisor)
    response = client.get(f"/clients/1/letter/{decision.pk}.pdf", headers={"Accept-Language": "en"}, follow=True)
    assert response.redirect_chain == [(f"/clients/1/letter/{decision.pk}/", 302)]
    html = unescape(response.content.decode())
    assert name in html
    assert "print this page instead" in html
    assert not AuditEvent.objects.filter(action="letter.saved").exists()


def test_letters_with_separate_accents_and_tabs_are_written(client: Browser, cast: Cast) -> None:
    decision = a_refusal(cast)
    Decision.objects.update(outcome="documents", reason="pie\u0300ces\td’identite\u0301\r\nfiches")
    client.force_login(cast.advisor)
    assert "pièces d’identité fiches" in read_pdf(client, decision)


def test_the_same_letter_is_the_same_file(client: Browser, cast: Cast) -> None:
    decision = a_refusal(cast)
    client.force_login(cast.advisor)
    first, second = (client.get(f"/clients/1/letter/{decision.pk}.pdf").content for _attempt in range(2))
    assert first == second


def test_only_a_final_decision_has_a_letter(client: Browser, cast: Cast) -> None:
    decision = a_refusal(cast)
    Decision.objects.update(status="waiting")
    client.force_login(cast.advisor)
    assert client.get(f"/clients/1/letter/{decision.pk}.pdf").status_code == 404
    assert client.get(f"/clients/1/letter/{decision.pk}/").status_code == 404
