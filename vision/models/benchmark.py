"""Benchmarks and their results. Database triggers keep a finished run from being changed."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Mod
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from vision.models.dataset import ImageDataset

SHA256 = models.CharField(max_length=64)


class BenchmarkRun(models.Model):
    """Contenders measured on the splits of one data set, as a job; ``config`` is a ``BenchmarkConfig``.

    The job holds the status. ``finished_at`` is set in one transaction with the results: from then on neither the run
    nor its results change. A retry gives a failed run a new job.
    """

    class Kind(models.TextChoices):
        CUSTOM = "custom", _("custom")
        ORIGINAL = "original", _("original study")
        REPAIRED = "repaired", _("original study, corrected")
        DEMO = "demo", _("demo")

    dataset = models.ForeignKey(ImageDataset, verbose_name=_("data set"), on_delete=models.PROTECT, related_name="runs")
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.CUSTOM)
    config = models.JSONField(_("settings"))
    # The run as published that a corrected one goes with.
    repairs = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="repaired_by")
    split_hashes = ArrayField(SHA256, default=list, verbose_name=_("split hashes"))  # by fold
    environment = models.JSONField(_("environment"), default=dict)
    job = models.OneToOneField(
        "core.Job", verbose_name=_("job"), on_delete=models.PROTECT, null=True, related_name="benchmark_run"
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    finished_at = models.DateTimeField(_("finished at"), null=True, editable=False)

    class Meta:
        ordering = ("-created_at", "-pk")
        verbose_name = _("benchmark")
        verbose_name_plural = _("benchmarks")
        constraints = [
            models.CheckConstraint(
                name="run_repairs_exactly_when_repaired",
                condition=Q(kind="repaired", repairs__isnull=False) | (~Q(kind="repaired") & Q(repairs__isnull=True)),
            ),
            models.CheckConstraint(
                name="run_finished_exactly_with_splits",
                condition=Q(finished_at__isnull=True, split_hashes__len=0)
                | Q(finished_at__isnull=False, split_hashes__len__gte=1),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_finished(self) -> bool:
        """Whether it has results."""
        return self.finished_at is not None

    @property
    def is_from_scratch(self) -> bool:
        """Whether its networks started from random weights, which every page with its results says."""
        return bool(self.config.get("from_scratch"))


class ContenderResult(models.Model):
    """One contender trained with one seed and measured on one split: everything that pages need, without the model.

    ``parts`` is (N,) uint8 as in ``vision.ml.types.Split``; ``probabilities`` is (N, C) little-endian float32; both in
    the order of the data set's positions. ``evaluation`` is a ``vision.ml.evaluation.Evaluation``, ``cost`` a ``Cost``
    and ``curve`` a list of ``EpochPoint``, all of ``vision.ml.types``.
    """

    class Weights(models.TextChoices):
        HUB = "hub", _("from a public hub")
        FOLDER = "folder", _("from a local folder")
        DEMO = "demo", _("demo weights")
        NONE = "none", _("random: trained from scratch")

    run = models.ForeignKey(BenchmarkRun, on_delete=models.PROTECT, related_name="results")
    contender = models.CharField(_("contender"), max_length=80)
    seed = models.PositiveBigIntegerField(_("seed"))
    fold = models.PositiveSmallIntegerField(_("fold"))
    weights_architecture = models.CharField(_("architecture"), max_length=80)
    weights_source = models.CharField(_("weights"), max_length=6, choices=Weights.choices)
    weights_sha256 = models.CharField("SHA-256", max_length=64)
    weights_file = models.CharField(_("weights file"), max_length=200, blank=True)
    weights_revision = models.CharField(_("weights revision"), max_length=80, blank=True)
    settings = models.JSONField(_("settings"))
    environment = models.JSONField(_("environment"))
    cost = models.JSONField(_("cost"))
    curve = models.JSONField(_("curve"), default=list)
    best_epoch = models.PositiveIntegerField(_("best epoch"), null=True)
    evaluation = models.JSONField(_("evaluation"))
    test_accuracy = models.FloatField(_("test accuracy"))
    split_sha256 = models.CharField(_("split hash"), max_length=64)
    parts = models.BinaryField()
    probabilities = models.BinaryField()
    artefact = models.CharField(max_length=300, blank=True)  # the trained contender, below VISION_DIR

    class Meta:
        ordering = ("run", "contender", "seed", "fold")
        verbose_name = _("contender result")
        verbose_name_plural = _("contender results")
        constraints = [
            models.UniqueConstraint(name="result_once_per_split", fields=["run", "contender", "seed", "fold"]),
            # BETWEEN refuses NaN too.
            models.CheckConstraint(name="result_accuracy_is_a_share", condition=Q(test_accuracy__range=(0, 1))),
            models.CheckConstraint(
                name="result_has_a_row_per_image",
                condition=Exact(
                    Mod(
                        Func(F("probabilities"), function="octet_length", output_field=models.IntegerField()),
                        4 * Func(F("parts"), function="octet_length", output_field=models.IntegerField()),
                    ),
                    Value(0),
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contender} s{self.seed} f{self.fold}"
