"""A credit model and the threshold by which its probability becomes an advice."""

import numpy as np
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from credit.ml.advice import Zone
from credit.ml.threshold import CostRatio, OutOfFoldRows


class ModelVersion(models.Model):
    """A LightGBM text model with its card; immutable but for its status. At most one is active.

    candidate -> active -> retired, and retired -> active when somebody rolls back.
    """

    class Status(models.TextChoices):
        CANDIDATE = "candidate", _("candidate")
        ACTIVE = "active", _("active")
        RETIRED = "retired", _("retired")

    class Origin(models.TextChoices):
        TRAINED = "trained", _("trained here")
        REGISTERED = "registered", _("trained elsewhere")

    number = models.PositiveIntegerField(_("number"), unique=True)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.CANDIDATE)
    origin = models.CharField(_("origin"), max_length=10, choices=Origin.choices)
    text = models.TextField()
    sha256 = models.CharField("SHA-256", max_length=64)
    feature_names = models.JSONField()  # the booster's own list: the order of its matrix and of every explanation
    card = models.JSONField(_("card"), default=dict)
    feature_set = models.ForeignKey(
        "credit.FeatureSet", verbose_name=_("feature set"), on_delete=models.PROTECT, related_name="model_versions"
    )
    # mean |contribution| and its summary per feature over the portfolio, written when it has been explained
    importance = models.JSONField(default=dict)
    importance_at = models.DateTimeField(null=True)  # when it was last written: processes keep it until then
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    job = models.OneToOneField("core.Job", verbose_name=_("job"), on_delete=models.PROTECT, null=True, related_name="+")
    activated_at = models.DateTimeField(_("activated at"), null=True)
    # The stop switch: while it is set, screens say so and no score is shown.
    suspended_at = models.DateTimeField(_("suspended at"), null=True)
    suspension_reason = models.CharField(_("reason of the suspension"), max_length=300, blank=True)

    class Meta:
        ordering = ("-number",)
        verbose_name = _("model version")
        verbose_name_plural = _("model versions")
        constraints = [
            models.UniqueConstraint(name="model_one_active", fields=["status"], condition=Q(status="active")),
        ]

    def __str__(self) -> str:
        return f"v{self.number}"


class FoldModel(models.Model):
    """The model of one training fold, kept to tell how stable a score is."""

    model_version = models.ForeignKey(ModelVersion, on_delete=models.CASCADE, related_name="folds")
    fold = models.PositiveSmallIntegerField()
    text = models.TextField()

    class Meta:
        ordering = ("fold",)
        constraints = [models.UniqueConstraint(name="fold_once_per_model", fields=["model_version", "fold"])]

    def __str__(self) -> str:
        return f"{self.model_version} fold {self.fold}"


class OutOfFold(models.Model):
    """What the fold models said of clients they had not seen: on this a threshold is chosen and simulated."""

    model_version = models.OneToOneField(ModelVersion, on_delete=models.CASCADE, related_name="out_of_fold")
    client_ids = models.BinaryField()  # int64
    probabilities = models.BinaryField()  # float64, calibrated
    targets = models.BinaryField()  # int8

    def __str__(self) -> str:
        return f"{self.model_version} out of fold"

    @property
    def rows(self) -> OutOfFoldRows:
        return OutOfFoldRows(
            client_ids=np.frombuffer(self.client_ids, "<i8"),
            probability=np.frombuffer(self.probabilities, "<f8"),
            target=np.frombuffer(self.targets, np.int8),
        )

    @rows.setter
    def rows(self, rows: OutOfFoldRows) -> None:
        self.client_ids = rows.client_ids.astype("<i8").tobytes()
        self.probabilities = rows.probability.astype("<f8").tobytes()
        self.targets = rows.target.astype(np.int8).tobytes()


class ThresholdPolicy(models.Model):
    """From which probability the model advises to refuse; the newest of a model version is in force.

    Within [grey_low, grey_high] the advice is to examine: the data do not tell those thresholds apart.
    """

    model_version = models.ForeignKey(ModelVersion, on_delete=models.CASCADE, related_name="policies")
    number = models.PositiveIntegerField(_("number"))
    threshold = models.FloatField(_("threshold"))
    grey_low = models.FloatField(_("grey zone from"))
    grey_high = models.FloatField(_("grey zone to"))
    cost_false_negative = models.FloatField(_("cost of a granted client who defaults"), default=10.0)
    cost_false_positive = models.FloatField(_("cost of a refused client who would have paid"), default=1.0)
    created_at = models.DateTimeField(auto_now_add=True)
    note = models.CharField(_("why"), max_length=300, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ("model_version", "-number")
        verbose_name = _("threshold policy")
        verbose_name_plural = _("threshold policies")
        constraints = [
            models.UniqueConstraint(name="policy_numbered_per_model", fields=["model_version", "number"]),
            models.CheckConstraint(
                name="policy_threshold_in_its_zone",
                # BETWEEN also refuses NaN, which PostgreSQL puts above every number
                condition=Q(threshold__range=(0, 1))
                & Q(grey_low__range=(0, F("threshold")))
                & Q(grey_high__range=(F("threshold"), 1)),
            ),
            models.CheckConstraint(
                name="policy_costs_are_positive",
                condition=Q(cost_false_negative__gt=0, cost_false_positive__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.model_version} / {self.number}: {self.threshold:.4f}"

    @property
    def zone(self) -> Zone:
        return Zone(self.threshold, self.grey_low, self.grey_high)

    @property
    def costs(self) -> CostRatio:
        return CostRatio(self.cost_false_negative, self.cost_false_positive)
