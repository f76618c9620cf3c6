"""The advisor's decision: what it rests on, when a supervisor must countersign, and what is stored."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from credit.language import localized
from credit.ml.catalogue import describe
from credit.ml.inputs import completeness
from credit.models import Client, Decision, FicpConsultation, ReviewRequest
from credit.selectors.clients import ClientFile, client_file, columns_changed_since
from credit.selectors.decisions import CurrentAdvice, current_advice, usable_ficp
from credit.services.clients import checked_charges
from pretadepenser.core.audit import record
from pretadepenser.core.errors import ApplicationError, ConflictError, raise_together
from pretadepenser.core.models import Actor
from pretadepenser.core.roles import Permission

Outcome = Decision.Outcome
Status = Decision.Status


@transaction.atomic
def record_ficp(*, client: Client, consulted_on: date, result: str, by: Actor) -> FicpConsultation:
    """Records a consultation of the FICP (register of payment incidents). Raises ApplicationError."""
    today = timezone.localdate()
    if consulted_on > today:
        raise ApplicationError(_("The consultation cannot be in the future."), field="consulted_on")
    if consulted_on < today - timedelta(days=settings.FICP_MAX_AGE_DAYS):
        raise ApplicationError(_too_old(), field="consulted_on", code="ficp_too_old")
    if result not in FicpConsultation.Result.values:
        raise ApplicationError(_("Choose the FICP result."), field="result")
    consultation = FicpConsultation.objects.create(
        client=client, consulted_on=consulted_on, result=result, recorded_by=by.person
    )
    # The result stays in the consultation, which can be erased; the journal cannot.
    detail = {"consultation": consultation.pk, "consulted_on": consulted_on.isoformat()}
    record("ficp.recorded", by=by, target=client, detail=detail)
    return consultation


@transaction.atomic
def record_charges(*, client: Client, monthly_charges: float | None, by: Actor) -> Client:
    """Stores what else the borrower pays each month, None for unknown. No score reads it: the version stays."""
    client.monthly_charges = checked_charges(monthly_charges)
    client.save(update_fields=["monthly_charges", "updated_at"])
    record("client.charges_recorded", by=by, target=client)
    return client


@transaction.atomic
def record_grounds(
    *, client: Client, consulted_on: date | None, ficp_result: str, by: Actor, **charges: float | None
) -> None:
    """Records what a decision rests on: a consultation, if there is a result, and ``monthly_charges`` that changed."""
    # The file first: a consultation takes a weaker lock on it, which two deciding people could hold at once.
    Client.objects.select_for_update().only("pk").get(pk=client.pk)
    if ficp_result:
        record_ficp(client=client, consulted_on=consulted_on or timezone.localdate(), result=ficp_result, by=by)
    if charges and charges["monthly_charges"] != client.monthly_charges:
        record_charges(client=client, monthly_charges=charges["monthly_charges"], by=by)


@transaction.atomic
def take_decision(*, client: Client, version: int, outcome: str, reason: str = "", by: Actor) -> Decision:
    """The decision on version ``version`` of a file; it waits for a supervisor when it goes against the advice.

    It stores the advice of this moment; in the grey zone either decision follows the advice. It declines a decision
    that still waits on an older version of the file.
    Raises ConflictError when the file has changed or a decision on it already waits, ApplicationError when a rule is
    not met.
    """
    locked = Client.objects.select_for_update().only("version").get(pk=client.pk)
    file = client_file(by.person, client.pk)
    if file is None:
        raise ApplicationError(_("This file belongs to another agency, which decides on it."), code="other_agency")
    _check_nothing_changed(locked, version)
    advice = current_advice(file.policy, file.probability, file.reasons)
    if outcome != Outcome.DOCUMENTS:
        _check_score_is_current(file)
    decision = Decision(
        client=file.client,
        client_version=version,
        sequence=_next_sequence(locked, version, outcome),
        outcome=_checked_outcome(outcome),
        reason=reason.strip(),
        model_version=advice.policy.model_version if advice else None,
        policy=advice.policy if advice else None,
        probability=advice.probability if advice else None,
        advice=advice.advice.value if advice else "",
        score_reasons=[asdict(each) for each in advice.reasons] if advice else [],
        ficp=usable_ficp(client),
        decided_by=by.person,
    )
    is_unadvised = file.policy is not None and advice is None  # an incomplete file, which gets no score
    raise_together(_missing_grounds(decision, is_unadvised))
    _decline_outdated(file.client, by)
    needs_second_person = decision.outcome != Outcome.DOCUMENTS and (decision.departs or is_unadvised)
    decision.status = Status.WAITING if needs_second_person else Status.FINAL
    decision.save()
    record("decision.taken", by=by, target=file.client, detail=_detail(decision, advice))
    return decision


@transaction.atomic
def decide(*, client: Client, grounds: Mapping[str, Any], answers: Mapping[str, Any], by: Actor) -> Decision:
    """``record_grounds``, then ``take_decision``: both or neither."""
    record_grounds(client=client, by=by, **grounds)
    return take_decision(client=client, by=by, **answers)


@transaction.atomic
def countersign(*, decision: Decision, accepts: bool, note: str = "", by: Actor) -> Decision:
    """A supervisor makes a waiting decision final, or declines it with a note.

    Raises ConflictError when it no longer waits or the file has changed, ApplicationError when ``by`` may not do it.
    """
    # The file first, as in take_decision: two locks always taken in the same order
    client = Client.objects.select_for_update(of=["self"]).select_related("agency").get(pk=decision.client_id)
    decision = Decision.objects.select_for_update(of=["self"]).select_related("decided_by").get(pk=decision.pk)
    if decision.status != Status.WAITING:
        raise ConflictError(
            _("This decision is no longer waiting for a countersignature: read the file again."), code="not_waiting"
        )
    _check_may_countersign(decision, client, by)
    if accepts and client.version != decision.client_version:
        raise ConflictError(_("The file has changed since: decline, so that it is decided again."), code="file_changed")
    if not accepts and not note.strip():
        raise ApplicationError(_("Say why you decline."), field="note", code="note_needed")
    decision.status = Status.FINAL if accepts else Status.DECLINED
    decision.countersigned_by, decision.countersigned_at = by.person, timezone.now()
    decision.countersign_note = note.strip()
    decision.save(update_fields=["status", "countersigned_by", "countersigned_at", "countersign_note"])
    action = "decision.countersigned" if accepts else "decision.declined"
    detail = {"decision": decision.pk, "outcome": decision.outcome, "decided_by": decision.decided_by_id}
    record(action, by=by, target=client, detail=detail)
    return decision


def _check_nothing_changed(client: Client, version: int) -> None:
    if client.version != version:
        sentence = _("The file has changed since you opened this page (%(changes)s). Read it again, then decide.")
        labels = [localized(describe(name).label) for name in columns_changed_since(client, version)]
        changes = ", ".join(labels) or _("version %(number)d") % {"number": client.version}
        raise ConflictError(sentence % {"changes": changes}, code="file_changed")
    waiting = client.decisions.filter(status=Status.WAITING, client_version=version).first()
    if waiting is not None:
        sentence = _("A decision on this file already waits for a countersignature: %(outcome)s, by %(person)s.")
        words = {"outcome": waiting.get_outcome_display(), "person": waiting.decided_by}
        raise ConflictError(sentence % words, code="already_waiting")


def _check_score_is_current(file: ClientFile) -> None:
    """A decision taken before a changed file is scored again would escape the advice, and the countersignature."""
    is_expected = file.policy is not None and completeness(file.client.vector) >= settings.COMPLETENESS_FLOOR
    if is_expected and file.probability is None:
        sentence = _("This version of the file has no score yet. Wait for it, then decide.")
        raise ConflictError(sentence, code="score_outdated")


def _next_sequence(client: Client, version: int, outcome: str) -> int:
    """The number of a decision on this version. Raises ConflictError when one is final and no review reopened it."""
    decided = client.decisions.filter(client_version=version, outcome__in=[Outcome.GRANTED, Outcome.REFUSED])
    last = decided.filter(status=Status.FINAL).order_by("-sequence").first()
    if last is None or outcome == Outcome.DOCUMENTS:
        return 0
    if not last.reviews.filter(outcome=ReviewRequest.Outcome.CHANGED).exists():
        sentence = _(
            "This version of the file has been decided already: %(outcome)s, by %(person)s. To decide again, change "
            "the file or record a request for review."
        )
        words = {"outcome": last.get_outcome_display(), "person": last.decided_by}
        raise ConflictError(sentence % words, code="already_decided")
    return last.sequence + 1


def _decline_outdated(client: Client, by: Actor) -> None:
    for outdated in client.decisions.filter(status=Status.WAITING):
        outdated.status = Status.DECLINED
        outdated.save(update_fields=["status"])
        detail = {"decision": outdated.pk, "outcome": outdated.outcome, "version": outdated.client_version}
        record("decision.declined", by=by, target=client, detail=detail)


def _checked_outcome(outcome: str) -> str:
    if outcome not in Outcome.values:
        raise ApplicationError(_("Choose a decision."), field="outcome")
    return outcome


def _missing_grounds(decision: Decision, is_unadvised: bool) -> Iterator[ApplicationError]:
    """What the rules require and the decision lacks."""
    if decision.outcome == Outcome.DOCUMENTS:
        if not decision.reason:
            yield ApplicationError(_("Say which documents are needed."), field="reason", code="reason_needed")
        return
    if (decision.departs or is_unadvised) and not decision.reason:
        sentence = _("You depart from the model's advice: say why.")
        if is_unadvised:
            sentence = _("You decide without the model's advice, because the file is incomplete: say why.")
        yield ApplicationError(sentence, field="reason", code="reason_needed")
    if decision.ficp is None:
        if decision.client.ficp_consultations.exists():
            yield ApplicationError(_too_old(), field="ficp_result", code="ficp_too_old")
            return
        sentence = _("Record the FICP consultation before you grant or refuse.")
        yield ApplicationError(sentence, field="ficp_result", code="ficp_missing")


def _check_may_countersign(decision: Decision, client: Client, by: Actor) -> None:
    if not by.can(Permission.COUNTERSIGN) or by.person.agency_id != client.agency_id:
        sentence = _("Only a supervisor of the file's agency can countersign.")
        raise ApplicationError(sentence, code="not_a_supervisor")
    if decision.decided_by_id == by.person.pk:
        sentence = _("You took this decision: another supervisor must countersign it.")
        raise ApplicationError(sentence, code="own_decision")


def _too_old() -> str:
    days = settings.FICP_MAX_AGE_DAYS
    sentence = ngettext(
        "An FICP consultation is valid for %(count)d day: consult the register again.",
        "An FICP consultation is valid for %(count)d days: consult the register again.",
        days,
    )
    return sentence % {"count": days}


def _detail(decision: Decision, advice: CurrentAdvice | None) -> dict[str, object]:
    """What the journal stores: codes and numbers of the decision, never its free text."""
    return {
        "decision": decision.pk,
        "version": decision.client_version,
        "outcome": decision.outcome,
        "status": decision.status,
        "advice": decision.advice,
        "probability": decision.probability,
        "model_version": advice.policy.model_version.number if advice else None,
        "policy": advice.policy.number if advice else None,
        "ficp": decision.ficp_id,
    }
