"""A simulation that somebody chose to keep; the client's file is never touched by it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from credit.models.client import Client
from credit.models.model_version import ModelVersion


class Scenario(models.Model):
    """Changed values of one version of a file and the probability that they gave under one model version."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="scenarios")
    client_version = models.PositiveIntegerField()
    model_version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=80)
    changes = models.JSONField()  # {"AMT_CREDIT": 250000.0, ...}: raw columns and their simulated values
    probability = models.FloatField(_("probability of default"))
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-created_at", "-pk")
        verbose_name = _("scenario")
        verbose_name_plural = _("scenarios")
        constraints = [
            models.CheckConstraint(name="scenario_is_a_probability", condition=Q(probability__range=(0, 1))),
        ]

    def __str__(self) -> str:
        return self.name
