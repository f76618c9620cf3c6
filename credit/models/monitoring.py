"""Reports that jobs write about how the model holds: drift of inputs and scores, fairness between groups."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from credit.models.model_version import ModelVersion


class MonitoringReport(models.Model):
    """One finished report; ``results`` is what its page draws, without any client's own data."""

    class Kind(models.TextChoices):
        DRIFT = "drift", _("drift")
        FAIRNESS = "fairness", _("fairness")

    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    model_version = models.ForeignKey(ModelVersion, on_delete=models.CASCADE, related_name="reports")
    parameters = models.JSONField(default=dict)  # the period compared, the groups
    results = models.JSONField()
    alerts = models.PositiveIntegerField(_("alerts"), default=0)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    job = models.OneToOneField("core.Job", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("-created_at", "-pk")
        verbose_name = _("monitoring report")
        verbose_name_plural = _("monitoring reports")
        indexes = [models.Index(fields=["kind", "model_version", "-created_at"])]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.created_at:%Y-%m-%d}"
