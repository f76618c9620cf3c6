"""A data set of labelled images, whose pixels are in the image cache under their sha256."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ImageDataset(models.Model):
    """The result of one import; only ``name`` and ``descriptions`` may change afterwards.

    ``problems`` holds the import's findings as ``vision.ml.types.Problem``; ``descriptions`` gives, for each class,
    the sentences that an administrator wrote for contenders that read text.
    """

    name = models.CharField(_("name"), max_length=80)
    slug = models.SlugField(_("short name"), max_length=80, unique=True)
    classes = ArrayField(models.TextField(), verbose_name=_("classes"))
    fingerprint = models.CharField(max_length=64, unique=True)  # sha256 of everything that a benchmark reads
    source_rows = models.PositiveIntegerField(_("source rows"))
    problems = models.JSONField(_("findings"), default=list)
    descriptions = models.JSONField(_("descriptions"), default=dict)
    is_demo = models.BooleanField(_("demo"), default=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    job = models.OneToOneField("core.Job", verbose_name=_("job"), on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("-created_at", "-pk")
        verbose_name = _("data set")
        verbose_name_plural = _("data sets")
        constraints = [
            models.CheckConstraint(name="dataset_has_classes", condition=Q(classes__len__gte=2)),
        ]

    def __str__(self) -> str:
        return self.name


class DatasetImage(models.Model):
    """One image of a data set: ``position`` is its place there, ``row`` its place in the source."""

    dataset = models.ForeignKey(ImageDataset, on_delete=models.CASCADE, related_name="images")
    position = models.PositiveIntegerField()
    row = models.PositiveIntegerField(_("source row"))
    key = models.TextField(_("file"))
    label = models.PositiveSmallIntegerField()  # an index into the data set's classes
    text = models.TextField(_("title"), blank=True)
    sha256 = models.CharField(max_length=64)  # of the file

    class Meta:
        ordering = ("dataset", "position")
        verbose_name = _("image")
        verbose_name_plural = _("images")
        indexes = [models.Index(fields=["dataset", "label", "position"])]
        constraints = [
            models.UniqueConstraint(name="image_position_once", fields=["dataset", "position"]),
        ]

    def __str__(self) -> str:
        return self.key
