"""What a model version says of a client, written by jobs and read by pages."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Score(models.Model):
    """The probability of default of one client under one model version: exactly one row."""

    # Both are found by the indexes below: each more is one to keep for every client that is scored.
    client = models.ForeignKey("credit.Client", on_delete=models.CASCADE, related_name="scores", db_index=False)
    model_version = models.ForeignKey(
        "credit.ModelVersion", on_delete=models.CASCADE, related_name="scores", db_index=False
    )
    probability = models.FloatField(_("probability of default"))
    scored_at = models.DateTimeField(_("scored at"), auto_now_add=True)

    class Meta:
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        indexes = [models.Index(fields=["model_version", "probability", "client"])]
        constraints = [
            models.UniqueConstraint(name="score_once_per_model", fields=["client", "model_version"]),
            models.CheckConstraint(name="score_is_a_probability", condition=Q(probability__range=(0, 1))),
        ]

    def __str__(self) -> str:
        return f"{self.client_id} v{self.model_version_id}: {self.probability:.4f}"


class Explanation(models.Model):
    """Why the score is what it is: one contribution per feature of the model, on the log-odds scale.

    ``contributions`` is a little-endian vector in the order of ``ModelVersion.feature_names``: float64 where LightGBM
    gave them, float32 where ``credit.ml.treeshap`` did. base_value + their sum is the log-odds of the score, up to
    ``additivity_error``.
    """

    client = models.ForeignKey(
        "credit.Client",
        on_delete=models.CASCADE,
        related_name="explanations",
        db_index=False,  # the constraint below begins with it
    )
    model_version = models.ForeignKey("credit.ModelVersion", on_delete=models.CASCADE, related_name="explanations")
    base_value = models.FloatField()
    contributions = models.BinaryField()
    additivity_error = models.FloatField()
    explained_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("explanation")
        verbose_name_plural = _("explanations")
        constraints = [
            models.UniqueConstraint(name="explanation_once_per_model", fields=["client", "model_version"]),
            # An explanation that does not add up to its score must not be shown, so it cannot be stored.
            models.CheckConstraint(name="explanation_adds_up", condition=Q(additivity_error__range=(0, 1e-6))),
        ]

    def __str__(self) -> str:
        return f"{self.client_id} v{self.model_version_id}"
