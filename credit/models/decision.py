"""What people decide about a file: the FICP consultation, the decision, its countersignature, its review."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from credit.models.client import Client
from credit.models.model_version import ModelVersion, ThresholdPolicy


class FicpConsultation(models.Model):
    """Proof that the register of payment incidents was consulted; the law asks for it before a credit decision."""

    class Result(models.TextChoices):
        CLEAR = "clear", _("not listed")
        LISTED = "listed", _("listed")

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="ficp_consultations")
    consulted_on = models.DateField(_("consulted on"))
    result = models.CharField(_("result"), max_length=6, choices=Result.choices)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-consulted_on", "-pk")
        verbose_name = _("FICP consultation")
        verbose_name_plural = _("FICP consultations")

    def __str__(self) -> str:
        return f"{self.consulted_on} {self.get_result_display()}"


class Decision(models.Model):
    """One decision of a person on one version of a file, with the advice as it stood then; never rewritten.

    final                       granted, refused or documents requested, in force until a newer one
    waiting -> final | declined granted or refused against the advice beyond the grey zone: a supervisor says

    When the file changes while a decision waits, it can no longer become final: a supervisor declines it, or a new
    decision on the changed file does. A final one stays in force, and is shown with the version it was on.
    """

    class Outcome(models.TextChoices):
        GRANTED = "granted", _("granted")
        REFUSED = "refused", _("refused")
        DOCUMENTS = "documents", _("documents asked for")

    class Status(models.TextChoices):
        FINAL = "final", _("final")
        WAITING = "waiting", _("waiting for a countersignature")
        DECLINED = "declined", _("countersignature declined")

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="decisions")
    client_version = models.PositiveIntegerField()
    # 0 for the first decision on a version; a review that asks for a new decision makes room for the next number.
    sequence = models.PositiveSmallIntegerField(default=0)
    outcome = models.CharField(_("decision"), max_length=10, choices=Outcome.choices)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices)
    reason = models.TextField(_("reason"), blank=True, max_length=2000)
    # The advice on the day: empty where no model was active or it was suspended.
    model_version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, null=True, related_name="+")
    policy = models.ForeignKey(ThresholdPolicy, on_delete=models.PROTECT, null=True, related_name="+")
    probability = models.FloatField(_("probability of default"), null=True)
    advice = models.CharField(_("advice of the model"), max_length=10, blank=True)
    # The reasons of the score on the day, credit.ml.reasons.Reason: the letter states them whatever happens later.
    score_reasons = models.JSONField(default=list)
    # RESTRICT: a consultation goes with the client's whole file, never from under a decision.
    ficp = models.ForeignKey(FicpConsultation, on_delete=models.RESTRICT, null=True, related_name="+")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(auto_now_add=True)
    countersigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    countersigned_at = models.DateTimeField(null=True)
    countersign_note = models.TextField(_("note of the supervisor"), blank=True, max_length=2000)

    class Meta:
        ordering = ("-decided_at", "-pk")
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        indexes = [models.Index(fields=["status", "-decided_at"])]
        constraints = [
            models.UniqueConstraint(
                name="decision_one_waiting_per_client", fields=["client"], condition=Q(status="waiting")
            ),
            models.UniqueConstraint(
                name="decision_one_final_per_version",
                fields=["client", "client_version", "sequence"],
                condition=Q(status="final", outcome__in=["granted", "refused"]),
            ),
            models.CheckConstraint(
                name="decision_needs_ficp", condition=Q(outcome="documents") | Q(ficp__isnull=False)
            ),
            models.CheckConstraint(
                name="decision_countersigned_by_another",
                condition=Q(countersigned_by__isnull=True) | ~Q(countersigned_by=F("decided_by")),
            ),
            models.CheckConstraint(
                name="decision_countersignature_is_whole",
                condition=Q(countersigned_by__isnull=True, countersigned_at__isnull=True)
                | Q(countersigned_by__isnull=False, countersigned_at__isnull=False),
            ),
            models.CheckConstraint(
                name="decision_against_advice_has_a_reason",
                condition=Q(advice="")
                | Q(advice="review")
                | Q(outcome="documents")
                | Q(advice=F("outcome"))
                | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="decision_probability_in_range",
                condition=Q(probability__isnull=True) | Q(probability__range=(0, 1)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.client_id} {self.outcome} ({self.status})"

    @property
    def departs(self) -> bool:
        """Whether the person decided otherwise than the model advised; never so in the grey zone."""
        return self.outcome != self.Outcome.DOCUMENTS and self.advice not in ("", "review", self.outcome)

    @property
    def is_on_older_version(self) -> bool:
        """Whether the file has changed since."""
        return self.client_version != self.client.version


class ReviewRequest(models.Model):
    """A borrower asks that a person look at the decision again; it has a due date and an outcome."""

    class Outcome(models.TextChoices):
        UPHELD = "upheld", _("decision upheld")
        CHANGED = "changed", _("decision to be taken again")

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="reviews")
    requested_on = models.DateField(_("requested on"))
    due_on = models.DateField(_("due on"))
    borrower_comment = models.TextField(_("what the borrower says"), blank=True, max_length=4000)
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome.choices, blank=True)
    outcome_note = models.TextField(_("explanation of the outcome"), blank=True, max_length=4000)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("due_on", "pk")
        verbose_name = _("review request")
        verbose_name_plural = _("review requests")
        indexes = [models.Index(name="review_open_by_due_date", fields=["due_on", "id"], condition=Q(outcome=""))]
        constraints = [
            models.UniqueConstraint(name="review_one_open_per_decision", fields=["decision"], condition=Q(outcome="")),
            models.CheckConstraint(
                name="review_closed_exactly_with_an_outcome",
                condition=Q(outcome="", closed_at__isnull=True, closed_by__isnull=True)
                | (~Q(outcome="") & Q(closed_at__isnull=False, closed_by__isnull=False)),
            ),
            models.CheckConstraint(name="review_due_after_request", condition=Q(due_on__gte=F("requested_on"))),
        ]

    def __str__(self) -> str:
        return f"{self.decision_id}: {self.due_on}"

    @property
    def is_open(self) -> bool:
        return self.outcome == ""
