"""What is watched of a model: populations to compare, and the reports that jobs wrote."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from django.db.models import Q, QuerySet
from numpy.typing import NDArray

from credit.job_kinds import CHECK_DRIFT, CHECK_GROUPS
from credit.ml.application import COLUMNS
from credit.models import Client, ModelVersion, MonitoringReport
from pretadepenser.core.models import Job

#: How reports name the probability of default among the variables.
SCORE: Final = "score"
_ROWS_AT_ONCE: Final = 10_000


@dataclass(frozen=True, slots=True)
class Period:
    """Which clients are compared with those the model learned from: those whose file was made from ``start`` to
    ``end``, both days included; without either, the clients whose outcome is not known.
    """

    start: date | None = None
    end: date | None = None

    @property
    def is_open(self) -> bool:
        return self.start is None and self.end is None

    @classmethod
    def of(cls, arguments: dict[str, str | None]) -> "Period":
        """The period that ``arguments()`` gave away."""
        return cls(*(date.fromisoformat(day) if (day := arguments.get(key)) else None for key in ("start", "end")))

    def arguments(self) -> dict[str, str | None]:
        """The period as JSON types."""
        return {
            "start": self.start.isoformat() if self.start else None,
            "end": self.end.isoformat() if self.end else None,
        }


def population(period: Period) -> QuerySet[Client]:
    """The clients of a period, by ascending number."""
    return Client.objects.filter(_within(period)).order_by("pk")


def reference_population(period: Period) -> QuerySet[Client]:
    """The clients with a known outcome, those of the period left out, by ascending number."""
    return Client.objects.filter(~_within(period), target__isnull=False).order_by("pk")


def raw_applications(clients: QuerySet[Client]) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float64]]]:
    """Client numbers (N,) and raw applications as ``credit.ml.application`` encodes them, (N, 120), in parts.

    A file without an application is left out.
    """
    width = len(COLUMNS) * np.dtype("<f8").itemsize
    rows: list[tuple[int, bytes]] = []
    for pk, application in clients.values_list("pk", "application").iterator(chunk_size=_ROWS_AT_ONCE):
        if len(application) == width:
            rows.append((pk, bytes(application)))
        if len(rows) == _ROWS_AT_ONCE:
            yield _as_arrays(rows)
            rows = []
    if rows:
        yield _as_arrays(rows)


def reports(kind: MonitoringReport.Kind | None = None) -> QuerySet[MonitoringReport]:
    """Reports, newest first, without the version's text; of one kind or of all."""
    found = MonitoringReport.objects.select_related("model_version", "created_by").defer(
        "model_version__text", "model_version__card", "model_version__importance"
    )
    return found if kind is None else found.filter(kind=kind)


def latest_report(kind: MonitoringReport.Kind, model_version: ModelVersion) -> MonitoringReport | None:
    """The newest report of a kind about a version."""
    return reports(kind).filter(model_version=model_version).first()


def monitoring_job() -> Job | None:
    """The newest job that writes a report, if it is unfinished or has failed."""
    job = Job.objects.filter(kind__in=[CHECK_DRIFT.name, CHECK_GROUPS.name]).order_by("-pk").first()
    return None if job is None or job.status in (Job.Status.SUCCEEDED, Job.Status.CANCELLED) else job


def _within(period: Period) -> Q:
    if period.is_open:
        return Q(target__isnull=True)
    condition = Q()
    if period.start:
        condition &= Q(created_at__date__gte=period.start)
    if period.end:
        condition &= Q(created_at__date__lte=period.end)
    return condition


def _as_arrays(rows: list[tuple[int, bytes]]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    ids = np.array([pk for pk, _row in rows], dtype=np.int64)
    return ids, np.frombuffer(b"".join(row for _pk, row in rows), "<f8").reshape(len(rows), len(COLUMNS))
