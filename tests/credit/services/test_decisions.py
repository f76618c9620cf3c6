import pytest
from django.db import IntegrityError, transaction

from credit.models import Client, Decision, FicpConsultation, ThresholdPolicy
from credit.services.decisions import countersign, record_charges, record_ficp, take_decision
from credit.services.reviews import close_review, request_review
from pretadepenser.core.errors import ApplicationError, ConflictError
from pretadepenser.core.models import Actor, AuditEvent
from tests.builders.clients import a_client, an_active_model, an_explanation
from tests.builders.decisions import a_consultation, a_decision, a_file, today
from tests.builders.people import Cast

pytestmark = pytest.mark.django_db

GRANTED, GREY, REFUSED = 0.05, 0.09, 0.2  # what the model of an_active_model advises


def refusal(**arguments: object) -> ApplicationError:
    with pytest.raises(ApplicationError) as caught:
        take_decision(**arguments)
    return caught.value


def events(client: Client) -> list[str]:
    rows = AuditEvent.objects.filter(object_type="client", object_id=str(client.pk))
    return list(rows.order_by("pk").values_list("action", flat=True))


@pytest.mark.parametrize(
    ("probability", "outcome", "status"),
    [
        (GRANTED, "granted", "final"),
        (GRANTED, "refused", "waiting"),
        (GREY, "granted", "final"),
        (GREY, "refused", "final"),
        (REFUSED, "granted", "waiting"),
        (REFUSED, "refused", "final"),
        (REFUSED, "documents", "final"),
    ],
)
def test_a_decision_waits_only_when_it_departs_beyond_the_grey_zone(
    cast: Cast, probability: float, outcome: str, status: str
) -> None:
    client = a_file(1, cast.agency, an_active_model(), probability)
    decision = a_decision(client, cast.advisor, outcome, "because")
    assert (decision.status, decision.probability) == (status, probability)
    assert events(client) == ["ficp.recorded", "decision.taken"]


@pytest.mark.parametrize(("probability", "outcome"), [(GRANTED, "refused"), (REFUSED, "granted")])
def test_departing_from_the_advice_needs_a_reason(cast: Cast, probability: float, outcome: str) -> None:
    client = a_file(1, cast.agency, an_active_model(), probability)
    a_consultation(client, cast.advisor)
    error = refusal(client=client, version=1, outcome=outcome, reason="  ", by=Actor(cast.advisor))
    assert (error.code, error.field) == ("reason_needed", "reason")
    assert not Decision.objects.exists()
    assert events(client) == ["ficp.recorded"]


def test_agreeing_or_the_grey_zone_needs_no_reason(cast: Cast) -> None:
    version = an_active_model()
    for number, (probability, outcome) in enumerate([(GRANTED, "granted"), (GREY, "refused")], start=1):
        assert a_decision(a_file(number, cast.agency, version, probability), cast.advisor, outcome).status == "final"


def test_a_changed_file_is_not_decided_before_it_is_scored_again(cast: Cast, settings) -> None:
    settings.COMPLETENESS_FLOOR = 0.0
    client = a_file(1, cast.agency, an_active_model(), REFUSED)
    a_consultation(client, cast.advisor)
    client.scores.all().delete()  # as a change of the file does
    error = refusal(client=client, version=1, outcome="granted", by=Actor(cast.advisor))
    assert (error.code, Decision.objects.count()) == ("score_outdated", 0)
    documents = take_decision(client=client, version=1, outcome="documents", reason="x", by=Actor(cast.advisor))
    assert documents.status == "final"


def test_a_file_too_incomplete_for_advice_takes_a_reason_and_a_second_person(cast: Cast) -> None:
    an_active_model()
    client = a_file(1, cast.agency, None)
    a_consultation(client, cast.advisor)
    error = refusal(client=client, version=1, outcome="granted", by=Actor(cast.advisor))
    assert error.code == "reason_needed"
    assert a_decision(client, cast.advisor, "granted", "Known for years").status == "waiting"


@pytest.mark.parametrize("second", ["granted", "refused"])
def test_a_version_of_a_file_is_decided_once(cast: Cast, second: str) -> None:
    client = a_file(1, cast.agency, an_active_model(), GREY)
    first = a_decision(client, cast.advisor, "granted")
    error = refusal(client=client, version=1, outcome=second, reason="x", by=Actor(cast.supervisor))
    assert (type(error), error.code) == (ConflictError, "already_decided")
    review = request_review(decision=first, requested_on=today(), by=Actor(cast.advisor))
    close_review(review=review, outcome="changed", note="New facts", by=Actor(cast.supervisor))
    again = take_decision(client=client, version=1, outcome=second, reason="x", by=Actor(cast.supervisor))
    assert (again.status, again.sequence) == ("final", 1)
    with pytest.raises(ConflictError):
        take_decision(client=client, version=1, outcome=second, reason="x", by=Actor(cast.advisor))


def test_the_database_holds_one_final_decision_per_version(cast: Cast) -> None:
    decision = a_decision(a_file(1, cast.agency, an_active_model(), GREY), cast.advisor, "granted")
    decision.pk, decision.outcome = None, "refused"
    with pytest.raises(IntegrityError, match="decision_one_final_per_version"), transaction.atomic():
        decision.save()


def test_asking_for_documents_says_which_and_needs_no_consultation(cast: Cast) -> None:
    client = a_file(1, cast.agency, an_active_model(), REFUSED)
    assert refusal(client=client, version=1, outcome="documents", by=Actor(cast.advisor)).field == "reason"
    decision = take_decision(
        client=client, version=1, outcome="documents", reason="Three payslips", by=Actor(cast.advisor)
    )
    assert (decision.status, decision.ficp) == ("final", None)


def test_a_grant_or_a_refusal_needs_a_recent_consultation(cast: Cast, settings) -> None:
    settings.FICP_MAX_AGE_DAYS = 30
    client = a_file(1, cast.agency, an_active_model(), GRANTED)
    assert refusal(client=client, version=1, outcome="granted", by=Actor(cast.advisor)).code == "ficp_missing"
    FicpConsultation.objects.create(client=client, consulted_on=today(-31), result="clear", recorded_by=cast.advisor)
    assert refusal(client=client, version=1, outcome="granted", by=Actor(cast.advisor)).code == "ficp_too_old"
    recent = a_consultation(client, cast.advisor, days_ago=30)
    assert take_decision(client=client, version=1, outcome="granted", by=Actor(cast.advisor)).ficp == recent


@pytest.mark.parametrize("days", [1, -31])
def test_a_consultation_of_the_future_or_too_old_is_refused(cast: Cast, days: int) -> None:
    client = a_file(1, cast.agency, None)
    with pytest.raises(ApplicationError) as caught:
        record_ficp(client=client, consulted_on=today(days), result="clear", by=Actor(cast.advisor))
    assert caught.value.field == "consulted_on"
    assert not FicpConsultation.objects.exists()


def test_the_advice_of_the_moment_is_kept_whatever_comes_later(cast: Cast) -> None:
    version = an_active_model()
    client = a_client(1, cast.agency)
    an_explanation(client, version, contributions=(0.5, 0.2, -0.1, 0.0), values=(0.26, -637.0, 4e5, 0.0))
    decision = a_decision(client, cast.advisor, "refused")
    ThresholdPolicy.objects.create(model_version=version, number=2, threshold=0.5, grey_low=0.4, grey_high=0.6)
    client.explanations.all().delete()
    client.scores.all().delete()
    decision.refresh_from_db()
    assert (decision.advice, decision.policy.number, decision.model_version) == ("refused", 1, version)
    assert decision.probability == pytest.approx(0.1301, abs=1e-4)
    facts = [(reason["theme"], reason["feature"], reason["median"]) for reason in decision.score_reasons]
    assert facts == [
        ("external_scores", "EXT_SOURCE_2", 0.57),
        ("employment", "DAYS_EMPLOYED", -1200.0),
        ("loan_amount", "AMT_CREDIT", 513_531.0),
    ]
    points = sum(reason["points"] for reason in decision.score_reasons)
    assert points == pytest.approx(0.1301 - 0.0759, abs=1e-4)


def test_without_a_score_or_a_model_a_person_decides_without_advice(cast: Cast) -> None:
    client = a_file(1, cast.agency, None)
    decision = a_decision(client, cast.advisor, "refused")
    assert (decision.status, decision.advice, decision.policy, decision.probability) == ("final", "", None, None)


def test_a_file_that_changed_since_it_was_opened_is_a_conflict(cast: Cast) -> None:
    client = a_file(1, cast.agency, an_active_model(), GRANTED)
    a_consultation(client, cast.advisor)
    Client.objects.filter(pk=1).update(version=2)
    with pytest.raises(ConflictError) as caught:
        take_decision(client=client, version=1, outcome="granted", by=Actor(cast.advisor))
    assert caught.value.code == "file_changed"
    assert not Decision.objects.exists()


def test_one_decision_waits_per_client(cast: Cast) -> None:
    client = a_file(1, cast.agency, an_active_model(), REFUSED)
    waiting = a_decision(client, cast.advisor, "granted", "because")
    with pytest.raises(ConflictError) as caught:
        take_decision(client=client, version=1, outcome="refused", by=Actor(cast.supervisor))
    assert caught.value.code == "already_waiting"
    waiting.pk = None
    with pytest.raises(IntegrityError, match="one_waiting_per_client"), transaction.atomic():
        waiting.save(force_insert=True)


def test_a_decision_that_waits_on_an_older_version_is_declined_by_the_next_one(cast: Cast) -> None:
    client = a_file(1, cast.agency, an_active_model(), REFUSED)
    outdated = a_decision(client, cast.advisor, "granted", "because")
    Client.objects.filter(pk=1).update(version=2)
    client.refresh_from_db()
    with pytest.raises(ConflictError) as caught:
        countersign(decision=outdated, accepts=True, by=Actor(cast.supervisor))
    assert caught.value.code == "file_changed"
    newer = take_decision(client=client, version=2, outcome="granted", reason="again", by=Actor(cast.advisor))
    outdated.refresh_from_db()
    assert (outdated.status, outdated.countersigned_by, newer.status) == ("declined", None, "waiting")
    assert events(client)[-2:] == ["decision.declined", "decision.taken"]


def test_nobody_decides_on_a_file_of_another_agency(cast: Cast) -> None:
    client = a_file(1, cast.agency, an_active_model(), GRANTED)
    assert refusal(client=client, version=1, outcome="granted", by=Actor(cast.stranger)).code == "other_agency"


def test_charges_are_stored_beside_the_version_that_models_read(cast: Cast) -> None:
    client = a_file(1, cast.agency, None)
    record_charges(client=client, monthly_charges=450.0, by=Actor(cast.advisor))
    client.refresh_from_db()
    assert (client.monthly_charges, client.version) == (450.0, 1)
    for wrong in (-1.0, float("nan"), float("inf")):
        with pytest.raises(ApplicationError):
            record_charges(client=client, monthly_charges=wrong, by=Actor(cast.advisor))
    assert events(client) == ["client.charges_recorded"]
