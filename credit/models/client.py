"""A client's file: the application as it was made, and the features that models read."""

from typing import Final

import numpy as np
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray

from credit.ml.names import LONGEST_NAME, LONGEST_SORT_NAME

#: What a file says of the person beside the application; pages, endpoints, uploads and checks read this list.
PERSON: Final = ("first_name", "last_name", "monthly_charges")
LARGEST_CHARGES: Final = 1e9  # a month: more is a slip of the keyboard
#: The words of a client's name, as the index below holds them; a search must use the very same expression.
NAME_VECTOR = SearchVector("sort_name", config="simple")


class StoredApplication(models.Model):
    """Something with a raw application, stored as the vector that ``credit.ml.application`` makes of it."""

    application = models.BinaryField()

    class Meta:
        abstract = True

    @property
    def vector(self) -> NDArray[np.float64]:
        """The application, read-only.  # (120,)"""
        return np.frombuffer(self.application, "<f8")

    @vector.setter
    def vector(self, vector: NDArray[np.float64]) -> None:
        self.application = vector.astype("<f8").tobytes()


class Client(StoredApplication):
    """One application of Home Credit. The primary key is its SK_ID_CURR.

    The typed columns repeat the few values of the application that lists sort and filter by. Sex is in the application
    only: no list, filter or reason may offer it.
    """

    id = models.BigIntegerField(_("client number"), primary_key=True)
    agency = models.ForeignKey(
        "core.Agency",
        verbose_name=_("agency"),
        on_delete=models.PROTECT,
        related_name="clients",
        db_index=False,  # the indexes below begin with it
    )
    first_name = models.CharField(_("first name"), max_length=LONGEST_NAME, blank=True)
    last_name = models.CharField(_("last name"), max_length=LONGEST_NAME, blank=True)
    # "last first", without accents, in lower case: the C.UTF-8 order puts accented letters after z
    sort_name = models.CharField(max_length=LONGEST_SORT_NAME, blank=True)
    target = models.SmallIntegerField(_("payment difficulties"), null=True, blank=True)  # 1 yes, 0 no, empty unknown
    contract_type = models.CharField(_("contract type"), max_length=30, blank=True)
    amount = models.FloatField(_("amount of the loan"), null=True)
    income = models.FloatField(_("monthly income"), null=True)
    annuity = models.FloatField(_("annuity"), null=True)
    age_years = models.SmallIntegerField(_("age"), null=True)
    # Other monthly payments, when the person gave them: only for the "reste à vivre", never read by the model.
    monthly_charges = models.FloatField(_("other monthly charges"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)  # grows with each change of the file
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("id",)
        verbose_name = _("client")
        verbose_name_plural = _("clients")
        indexes = [
            # Each holds all that a filtered list asks for: pages and counts are found without the rows themselves.
            models.Index(name="client_agency", fields=["agency", "id"], include=["contract_type"]),
            models.Index(name="client_agency_name", fields=["agency", "sort_name", "id"], include=["contract_type"]),
            models.Index(name="client_name", fields=["sort_name", "id"], include=["contract_type"]),
            models.Index(name="client_agency_amount", fields=["agency", "amount", "id"], include=["contract_type"]),
            models.Index(name="client_amount", fields=["amount", "id"], include=["contract_type"]),
            GinIndex(NAME_VECTOR, name="client_names"),
        ]
        constraints = [
            models.CheckConstraint(
                name="client_target_is_binary", condition=Q(target__in=[0, 1]) | Q(target__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return self.full_name or gettext("Client %(number)s") % {"number": self.pk}

    @property
    def full_name(self) -> str:
        """First and last name; empty for files that came without names."""
        return f"{self.first_name} {self.last_name}".strip()


class ClientVersion(StoredApplication):
    """What a file said before a person changed it: the application of one past version."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="past_versions")
    version = models.PositiveIntegerField()
    replaced_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    replaced_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-version",)
        constraints = [models.UniqueConstraint(name="client_version_once", fields=["client", "version"])]

    def __str__(self) -> str:
        return f"{self.client_id} v{self.version}"


class FeatureSet(models.Model):
    """A list of columns that models read: ours, or one that came with a registered model."""

    class Source(models.TextChoices):
        BUILT = "built", _("built from the seven tables")
        FILE = "file", _("came with a registered model")

    # Of the names, their order, the number type and the source.
    sha256 = models.CharField("SHA-256", max_length=64, unique=True)
    source = models.CharField(_("source"), max_length=10, choices=Source.choices)
    columns = models.JSONField()  # names, in the order of the stored vectors
    dtype = models.CharField(_("number type"), max_length=7, choices=[("float32", "float32"), ("float64", "float64")])
    # of a file, per column of texts: what the numbers of the stored vectors stand for, {"NAME": ["text", ...], ...}
    levels = models.JSONField(default=dict)
    # of a file: the columns that say the same as a protected attribute of the applications
    protected = models.JSONField(default=list)
    # per column: the population's median and share of blanks, {"NAME": {"median": 0.5, "missing": 0.1}, ...}
    population = models.JSONField(default=dict)
    population_at = models.DateTimeField(null=True)  # when it was last written: processes keep it until then
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        ordering = ("-created_at",)
        verbose_name = _("feature set")
        verbose_name_plural = _("feature sets")

    def __str__(self) -> str:
        return f"{self.get_source_display()}, {len(self.columns)} ({self.sha256[:8]})"

    @property
    def number_type(self) -> np.dtype[np.floating]:
        """The type of the stored vectors."""
        return np.dtype(self.dtype).newbyteorder("<")


class ClientFeatures(models.Model):
    """One client's row of a feature set: ``values`` is the little-endian vector in the set's order and number type."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="features")
    feature_set = models.ForeignKey(
        FeatureSet,
        on_delete=models.CASCADE,
        related_name="rows",
        db_index=False,  # the constraint below begins with it
    )
    values = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(name="features_one_row_per_set", fields=["feature_set", "client"])]

    def __str__(self) -> str:
        return f"{self.client_id} / {self.feature_set_id}"

    @classmethod
    def of(cls, client: Client, feature_set: FeatureSet, vector: NDArray[np.floating]) -> "ClientFeatures":
        """An unsaved row."""
        return cls(client=client, feature_set=feature_set, values=vector.astype(feature_set.number_type).tobytes())

    @property
    def vector(self) -> NDArray[np.floating]:
        """The features in the order of the set.  # (F,)"""
        return np.frombuffer(self.values, self.feature_set.number_type)
