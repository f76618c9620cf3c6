"""Benchmarks and what they measured. A finished run is never changed: database triggers refuse it."""

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

    Whether it waits, runs or ended is the job's to say. ``finished_at`` is set with the results, in one transaction:
    from then on neither the run nor its results change. A retry takes up a run that failed with a new job.
    """

    class Kind(models.TextChoices):
        CUSTOM = "custom", _("chosen by an administrator")
        ORIGINAL = "original", _("original study")
        REPAIRED = "repaired", _("original study, repaired")
        DEMO = "demo", _("demonstration")

    dataset = models.ForeignKey(ImageDataset, verbose_name=_("data set"), on_delete=models.PROTECT, related_name="runs")
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.CUSTOM)
    config = models.JSONField(_("settings"))
    # The faithful run that a repaired one stands beside.
    repairs = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="repaired_by")
    split_hashes = ArrayField(SHA256, default=list, verbose_name=_("hashes of the splits"))  # by fold
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
        """Whether its networks started from random weights: said on every page that shows its results."""
        return bool(self.config.get("from_scratch"))


class ContenderResult(models.Model):
    """One contender trained with one seed and measured on one split: all that pages need, without the model.

    ``parts`` is (N,) uint8 as in ``vision.ml.types.Split``; ``probabilities`` is (N, C) little-endian float32; both in
    the order of the data set's positions. ``evaluation`` is a ``vision.ml.evaluation.Evaluation``, ``cost`` a ``Cost``
    and ``curve`` a list of ``EpochPoint``, all of ``vision.ml.types``.
    """

    class Weights(models.TextChoices):
        HUB = "hub", _("from a public hub")
        FOLDER = "folder", _("from a folder of the company")
        DEMO = "demo", _("of the demonstration")
        NONE = "none", _("none: trained from scratch")

    run = models.ForeignKey(BenchmarkRun, on_delete=models.PROTECT, related_name="results")
    contender = models.CharField(_("contender"), max_length=80)
    seed = models.PositiveBigIntegerField(_("seed"))
    fold = models.PositiveSmallIntegerField(_("fold"))
    weights_architecture = models.CharField(_("architecture"), max_length=80)
    weights_source = models.CharField(_("weights"), max_length=6, choices=Weights.choices)
    weights_sha256 = models.CharField("SHA-256", max_length=64)
    weights_file = models.CharField(_("file of the weights"), max_length=200, blank=True)
    weights_revision = models.CharField(_("revision of the weights"), max_length=80, blank=True)
    settings = models.JSONField(_("settings"))
    environment = models.JSONField(_("environment"))
    cost = models.JSONField(_("cost"))
    curve = models.JSONField(_("curve"), default=list)
    best_epoch = models.PositiveIntegerField(_("best epoch"), null=True)
    evaluation = models.JSONField(_("evaluation"))
    test_accuracy = models.FloatField(_("accuracy on the test images"))
    split_sha256 = models.CharField(_("hash of the split"), max_length=64)
    parts = models.BinaryField()
    probabilities = models.BinaryField()
    artefact = models.CharField(max_length=300, blank=True)  # below STATE_DIR/vision: what classifies further images

    class Meta:
        ordering = ("run", "contender", "seed", "fold")
        verbose_name = _("result of a contender")
        verbose_name_plural = _("results of contenders")
        constraints = [
            models.UniqueConstraint(name="result_once_per_split", fields=["run", "contender", "seed", "fold"]),
            # BETWEEN also refuses NaN
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
