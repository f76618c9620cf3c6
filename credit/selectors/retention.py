"""What has been kept for longer than the settings allow."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import PROTECT, Exists, ForeignObjectRel, Model, OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from credit.models import Client, Decision, ReviewRequest, Scenario
from credit.selectors.persons import retention_days
from pretadepenser.core.models import AuditEvent, Job


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """Rows that are over their period of ``days``; a rule with 0 days finds nothing.

    ``persons`` erases whole files, ``rows`` those rows, ``archive`` only says so: the journal cannot be shortened.
    """

    name: str
    label: str | Promise
    days: int
    kind: str
    due: QuerySet[Model]


def retention_rules() -> tuple[RetentionRule, ...]:
    """Every rule with what is due now, in the order in which they are applied."""
    refused, granted = Decision.Outcome.REFUSED, Decision.Outcome.GRANTED
    untouched, scenarios = settings.RETENTION_UNDECIDED_DAYS, settings.RETENTION_SCENARIOS_DAYS
    jobs, journal = settings.RETENTION_JOBS_DAYS, settings.RETENTION_JOURNAL_DAYS
    expired = Session.objects.filter(expire_date__lt=timezone.now())
    return (
        RetentionRule("refused", _("Files refused"), retention_days(refused), "persons", _decided(refused)),
        RetentionRule("granted", _("Files granted"), retention_days(granted), "persons", _decided(granted)),
        RetentionRule("undecided", _("Files without a decision"), untouched, "persons", _undecided(untouched)),
        RetentionRule("scenarios", _("Saved simulations"), scenarios, "rows", _scenarios(scenarios)),
        RetentionRule("jobs", _("Finished jobs"), jobs, "rows", _jobs(jobs)),
        RetentionRule("sessions", _("Expired sessions"), 0, "rows", expired),
        RetentionRule("journal", _("Events of the journal, to archive"), journal, "archive", _events(journal)),
    )


def _limit(days: int) -> datetime:
    return timezone.now() - timedelta(days=days)


def _decided(outcome: Decision.Outcome) -> QuerySet[Client]:
    """Files whose last decision is this one and is old enough, without a review or a countersignature to come."""
    days = retention_days(outcome)
    if not days:
        return Client.objects.none()
    decisions = Decision.objects.filter(client=OuterRef("pk"), status=Decision.Status.FINAL)
    last = decisions.exclude(outcome=Decision.Outcome.DOCUMENTS).order_by("-decided_at", "-pk")
    waiting = Decision.objects.filter(client=OuterRef("pk"), status=Decision.Status.WAITING)
    open_reviews = ReviewRequest.objects.filter(decision__client=OuterRef("pk"), outcome="")
    old = Decision.objects.filter(outcome=outcome, decided_at__lt=_limit(days))
    return (
        Client.objects.filter(
            ~Exists(waiting),
            ~Exists(open_reviews),
            pk__in=old.values("client"),
        )
        .alias(last_outcome=Subquery(last.values("outcome")[:1]), last_at=Subquery(last.values("decided_at")[:1]))
        .filter(last_outcome=outcome, last_at__lt=_limit(days))
    )


def _undecided(days: int) -> QuerySet[Client]:
    if not days:
        return Client.objects.none()
    decisions = Decision.objects.filter(client=OuterRef("pk"))
    return Client.objects.filter(~Exists(decisions), updated_at__lt=_limit(days))


def _scenarios(days: int) -> QuerySet[Scenario]:
    return Scenario.objects.filter(created_at__lt=_limit(days)) if days else Scenario.objects.none()


def _jobs(days: int) -> QuerySet[Job]:
    """Finished jobs that no row refers to."""
    if not days:
        return Job.objects.none()
    jobs = Job.objects.filter(finished_at__lt=_limit(days))
    for relation in Job._meta.get_fields(include_hidden=True):  # those without a way back from the job are hidden
        if isinstance(relation, ForeignObjectRel) and relation.on_delete is PROTECT:
            rows = relation.related_model._default_manager.filter(**{relation.field.name: OuterRef("pk")})
            jobs = jobs.filter(~Exists(rows))
    return jobs


def _events(days: int) -> QuerySet[AuditEvent]:
    return AuditEvent.objects.filter(at__lt=_limit(days)) if days else AuditEvent.objects.none()
