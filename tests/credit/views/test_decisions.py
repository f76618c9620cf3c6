from html import unescape

import pytest
from django.test import Client as Browser
from django.utils import timezone

from credit.models import Client, Decision, FicpConsultation, ModelVersion, Score
from credit.services.clients import edit_client
from pretadepenser.core.models import Actor, AuditEvent
from tests.builders.clients import an_active_model
from tests.builders.decisions import a_consultation, a_decision, a_file
from tests.builders.people import Cast

pytestmark = pytest.mark.django_db

ENGLISH = {"Accept-Language": "en"}


def page(browser: Browser, url: str = "/clients/1/decision/", status: int = 200) -> str:
    response = browser.get(url, headers=ENGLISH)
    assert response.status_code == status
    return unescape(response.content.decode())


def post(browser: Browser, url: str = "/clients/1/decision/", status: int = 200, **data: object) -> str:
    response = browser.post(url, data, headers=ENGLISH, follow=status == 200)
    assert response.status_code == status
    return unescape(response.content.decode())


def test_the_page_holds_the_advice_the_consultation_and_the_budget(client: Browser, cast: Cast) -> None:
    a_file(1, cast.agency, an_active_model(), 0.2, income=120_000.0, annuity=24_000.0)
    client.force_login(cast.advisor)
    html = page(client)
    assert "badge--refused" in html
    assert "20.0%" in html
    assert "above the threshold of 9.0%" in html
    assert "Not consulted yet" in html
    assert "24,000 ÷ 120,000" in html
    assert "Other charges are left out" in html
    assert "The other monthly charges are not known" in html
    html = post(client, version=1, monthly_charges="1500", save="yes")
    assert "120,000 − 24,000 − 1,500" in html
    assert "94,500" in html


def test_a_file_that_changed_while_its_decision_waited_is_decided_again(client: Browser, cast: Cast) -> None:
    a_decision(a_file(1, cast.agency, an_active_model(), 0.2), cast.advisor, "granted", "because")
    Client.objects.filter(pk=1).update(version=2)
    for person in (cast.advisor, cast.supervisor):
        client.force_login(person)
        html = page(client)
        assert "this decision can no longer be countersigned" in html
        assert 'name="accepts"' not in html
        assert "The file has changed since: decide again" in page(client, "/home/")
    html = post(client, version=2, outcome="refused", reason="")
    assert "The decision is recorded." in html
    assert "can no longer be countersigned" not in html
    assert "earlier version" not in html


def test_a_decision_in_force_says_that_the_file_has_changed_since(client: Browser, cast: Cast) -> None:
    a_decision(a_file(1, cast.agency, an_active_model(), 0.05), cast.advisor, "granted")
    client.force_login(cast.advisor)
    assert "earlier version" not in page(client)
    Client.objects.filter(pk=1).update(version=2)
    assert "this decision is about an earlier version" in page(client)


def test_a_blank_income_has_no_effort_rate(client: Browser, cast: Cast) -> None:
    a_file(1, cast.agency, None, income=0.0, annuity=24_000.0)
    client.force_login(cast.advisor)
    html = page(client)
    assert "The instalment or the income is not in the file." in html
    assert "No model is in use" in html


def test_an_advisor_consults_then_decides_as_advised(client: Browser, cast: Cast) -> None:
    a_file(1, cast.agency, an_active_model(), 0.05)
    client.force_login(cast.advisor)
    today = timezone.localdate().isoformat()
    answers = {"version": 1, "outcome": "granted", "reason": "", "monthly_charges": "450"}
    html = post(client, **answers, consulted_on=today, ficp_result="clear")
    assert "The decision is recorded." in html
    assert 'class="letter' in html  # the next thing to do
    assert Decision.objects.get().ficp == FicpConsultation.objects.get()
    assert Client.objects.get().monthly_charges == 450


def test_departing_without_a_reason_comes_back_with_the_form(client: Browser, cast: Cast) -> None:
    a_consultation(a_file(1, cast.agency, an_active_model(), 0.2), cast.advisor)
    client.force_login(cast.advisor)
    html = post(client, status=422, version=1, outcome="granted", reason="")
    assert "You depart from the model's advice: say why." in html
    assert 'value="granted" aria-invalid' not in html
    assert html.count("checked") == 1  # the answer is kept
    assert not Decision.objects.exists()


def test_a_decision_against_the_advice_is_countersigned_by_a_supervisor(client: Browser, cast: Cast) -> None:
    a_consultation(a_file(1, cast.agency, an_active_model(), 0.2), cast.advisor)
    client.force_login(cast.advisor)
    html = post(client, version=1, outcome="granted", reason="A stable job since <b>June</b>")
    assert "Granted, to countersign" in html
    assert "&lt;b&gt;" in client.get("/clients/1/decision/").content.decode()
    assert "accepts" not in html  # nobody countersigns alone
    waiting = Decision.objects.get()
    assert page(client, f"/clients/1/letter/{waiting.pk}/", 404)
    client.force_login(cast.supervisor)
    assert "accepts" in page(client)
    assert "Say why you decline." in post(client, f"/clients/1/decision/{waiting.pk}/countersign/", accepts="no")
    html = post(client, f"/clients/1/decision/{waiting.pk}/countersign/", accepts="yes", note="Seen the contract")
    assert "The decision is final." in html
    assert "Countersigned by supervisor" in html
    assert "no longer waiting" in post(client, f"/clients/1/decision/{waiting.pk}/countersign/", accepts="yes")


def test_a_changed_file_is_reported_and_what_was_typed_is_kept(client: Browser, cast: Cast) -> None:
    a_consultation(a_file(1, cast.agency, an_active_model(), 0.2), cast.advisor)
    Client.objects.filter(pk=1).update(version=2)
    client.force_login(cast.advisor)
    html = post(client, status=409, version=1, outcome="refused", reason="A long reason")
    assert "The file has changed since you opened this page (version 2)." in html
    assert "A long reason" in html
    assert '<input type="hidden" name="version" value="2"' in html
    assert "The decision is recorded." in post(client, version=2, outcome="refused", reason="A long reason")


def test_a_stale_page_says_which_values_changed_and_who_decided(client: Browser, cast: Cast) -> None:
    version = an_active_model()
    file = a_file(1, cast.agency, version, 0.2)
    a_consultation(file, cast.advisor)
    edit_client(client=file, version=1, application={"AMT_CREDIT": 5e5}, person={}, by=Actor(cast.supervisor))
    client.force_login(cast.advisor)
    assert "(Credit amount requested)" in post(client, status=409, version=1, outcome="refused", reason="x")
    Score.objects.get_or_create(client=file, model_version=version, defaults={"probability": 0.2})
    assert "to countersign" in post(client, version=2, outcome="granted", reason="x")
    html = post(client, status=409, version=2, outcome="granted", reason="my own words")
    assert "already waits for a countersignature: granted, by advisor" in html
    assert "my own words" in html


def test_while_the_model_is_suspended_a_person_decides_without_advice(client: Browser, cast: Cast) -> None:
    version = an_active_model()
    file = a_file(1, cast.agency, version, 0.2)
    a_consultation(file, cast.advisor)
    ModelVersion.objects.filter(pk=version.pk).update(suspended_at=timezone.now(), suspension_reason="drift")
    client.force_login(cast.advisor)
    html = page(client)
    assert "The model is suspended: there is no advice." in html
    assert "20.0%" not in html
    assert "The decision is recorded." in post(client, version=1, outcome="granted")
    assert Decision.objects.latest("pk").advice == ""


def test_an_auditor_reads_and_decides_nothing(client: Browser, cast: Cast) -> None:
    a_decision(a_file(1, cast.agency, an_active_model(), 0.2), cast.advisor, "granted", "because")
    for reader in (cast.auditor, cast.administrator):
        client.force_login(reader)
        html = page(client)
        assert "Granted, to countersign" in html
        assert 'method="post" action="/clients' not in html
        for path in ("", f"{Decision.objects.get().pk}/countersign/"):
            assert client.post(f"/clients/1/decision/{path}").status_code == 403


@pytest.mark.parametrize(
    "wrong",
    [{"version": "x"}, {"version": 10**30}, {"outcome": "maybe"}, {"reason": "a" * 2001}, {"reason": "\0"}],
)
def test_wrong_input_is_a_sentence_and_no_decision(client: Browser, cast: Cast, wrong: dict[str, object]) -> None:
    a_consultation(a_file(1, cast.agency, an_active_model(), 0.05), cast.advisor)
    client.force_login(cast.advisor)
    post(client, status=422, **({"version": 1, "outcome": "granted", "reason": "x"} | wrong))
    assert not Decision.objects.exists()


def test_the_list_and_the_file_show_the_decision_beside_the_advice(client: Browser, cast: Cast) -> None:
    a_decision(a_file(1, cast.agency, an_active_model(), 0.2), cast.advisor, "documents", "Payslips")
    client.force_login(cast.advisor)
    for url in ("/clients/", "/clients/1/"):
        html = page(client, url)
        assert "badge--refused" in html
        assert "Documents requested" in html


def test_every_step_of_a_decision_is_in_the_journal(client: Browser, cast: Cast) -> None:
    a_file(1, cast.agency, an_active_model(), 0.05)
    client.force_login(cast.advisor)
    post(client, version=1, outcome="granted", ficp_result="clear")
    actions = AuditEvent.objects.filter(object_type="client", object_id="1").order_by("pk")
    assert list(actions.values_list("action", flat=True)) == [
        "ficp.recorded",
        "decision.taken",
        "letter.opened",
    ]
    assert {event.agency for event in actions} == {cast.agency}
