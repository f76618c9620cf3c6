"""The column stores that jobs built: files for questions about the whole population (credit.ml.store)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from credit.models.model_version import ModelVersion


class PopulationStore(models.Model):
    """One immutable store; pages read the current one. PostgreSQL stays the record."""

    model_version = models.ForeignKey(ModelVersion, on_delete=models.CASCADE, null=True, related_name="stores")
    folder = models.CharField(max_length=200, unique=True)  # below STATE_DIR/stores
    rows = models.PositiveIntegerField(_("clients"))
    is_current = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    job = models.OneToOneField("core.Job", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("-created_at", "-pk")
        verbose_name = _("population store")
        verbose_name_plural = _("population stores")
        constraints = [
            models.UniqueConstraint(name="store_one_current", fields=["is_current"], condition=Q(is_current=True)),
        ]

    def __str__(self) -> str:
        return self.folder
