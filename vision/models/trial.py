"""One image to be classified by the trained contenders of a run."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from vision.models.benchmark import BenchmarkRun


class Trial(models.Model):
    """``answers`` is filled by the job: one per contender, {"contender", "seed", "fold", "probabilities"}, C floats.

    A smaller copy of the image without its metadata is in the trials' image cache under ``sha256``.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    run = models.ForeignKey(BenchmarkRun, on_delete=models.CASCADE, related_name="trials")
    sha256 = models.CharField(max_length=64)
    answers = models.JSONField(default=list)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+")
    job = models.OneToOneField("core.Job", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("-created_at",)
        verbose_name = _("tried image")
        verbose_name_plural = _("tried images")

    def __str__(self) -> str:
        return str(self.pk)
