"""Long work as a row: the row is the truth, the queue only a doorbell."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from pretadepenser.core.models.actor import Actor


class Job(models.Model):
    """One piece of work that a worker does.

    queued -> running      claim: one conditional UPDATE sets ``lease``, a fresh uuid
    running -> queued      an expired lease or a transient fault, while ``attempt < max_attempts``
    running -> succeeded | failed | cancelled     written ``WHERE lease = mine``
    queued -> cancelled    cancelled before it was claimed
    queued -> failed       not claimed before its deadline
    """

    class Status(models.TextChoices):
        QUEUED = "queued", _("queued")
        RUNNING = "running", _("running")
        SUCCEEDED = "succeeded", _("succeeded")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    TERMINAL = (Status.SUCCEEDED, Status.FAILED, Status.CANCELLED)
    ACTIVE = (Status.QUEUED, Status.RUNNING)

    kind = models.CharField(_("kind"), max_length=80)  # the Celery task's name
    queue = models.CharField(_("queue"), max_length=20, default="cpu")
    arguments = models.JSONField(_("arguments"), default=dict)  # identifiers and options, never rows or secrets
    dedupe_key = models.CharField(max_length=120, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.QUEUED)
    progress_done = models.PositiveBigIntegerField(default=0)
    progress_total = models.PositiveBigIntegerField(default=0)
    progress_message = models.CharField(_("progress"), max_length=200, blank=True)
    log = models.JSONField(_("log"), default=list)  # LogLine: each new message, and each new attempt
    result = models.JSONField(_("result"), default=dict)  # small facts for the screen: ids, counts, warnings
    error = models.TextField(_("error"), blank=True)  # a sentence for the user
    traceback = models.TextField(_("traceback"), blank=True)  # for administrators
    checkpoint = models.JSONField(default=dict)  # where a later attempt resumes
    attempt = models.PositiveSmallIntegerField(_("attempt"), default=0)
    max_attempts = models.PositiveSmallIntegerField(default=3)
    lease = models.UUIDField(null=True, editable=False)
    heartbeat_at = models.DateTimeField(_("last heartbeat"), null=True, editable=False)
    rung_at = models.DateTimeField(null=True, editable=False)  # when its message was last sent
    cancel_requested_at = models.DateTimeField(_("cancellation requested at"), null=True, editable=False)
    deadline_at = models.DateTimeField(_("deadline"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    started_at = models.DateTimeField(_("started at"), null=True, editable=False)
    finished_at = models.DateTimeField(_("finished at"), null=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), on_delete=models.PROTECT, null=True, related_name="jobs"
    )
    token = models.ForeignKey(  # the API key of the request, if any
        "core.ApiToken", verbose_name=_("API key"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    # Users who requested the same work while it was queued or running: they may follow it too.
    also_requested_by = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", blank=True)
    language = models.CharField(max_length=10, blank=True)  # of progress and errors: that of the request
    retry_of = models.ForeignKey(
        "self", verbose_name=_("retry of"), on_delete=models.PROTECT, null=True, blank=True, related_name="retries"
    )

    class Meta:
        ordering = ("-created_at", "-pk")
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        indexes = [models.Index(fields=["status", "heartbeat_at"])]
        constraints = [
            models.UniqueConstraint(
                name="job_one_active_per_key",
                fields=["kind", "dedupe_key"],
                condition=Q(status__in=["queued", "running"]) & ~Q(dedupe_key=""),
            ),
            models.CheckConstraint(
                name="job_finished_exactly_when_terminal",
                condition=Q(status__in=["queued", "running"], finished_at__isnull=True)
                | Q(status__in=["succeeded", "failed", "cancelled"], finished_at__isnull=False),
            ),
            models.CheckConstraint(
                name="job_leased_exactly_when_running",
                condition=Q(status="running", lease__isnull=False, heartbeat_at__isnull=False)
                | (~Q(status="running") & Q(lease__isnull=True)),
            ),
            models.CheckConstraint(
                name="job_progress_within_total",
                condition=Q(progress_total=0) | Q(progress_done__lte=F("progress_total")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"

    @property
    def actor(self) -> Actor:
        """Who requested the job: the ``by`` of what its body records and requests in turn."""
        return Actor(self.created_by, self.token)

    @property
    def is_finished(self) -> bool:
        return self.status in self.TERMINAL

    @property
    def is_cancelling(self) -> bool:
        return not self.is_finished and self.cancel_requested_at is not None
