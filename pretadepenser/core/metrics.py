"""Measurements for Prometheus: requests as they are served, and the state of the site when somebody looks.

The processes of a web server count into files of PROMETHEUS_MULTIPROC_DIR, the library's way; without it each counts
alone.
"""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from django.db.models import Count, Min, Q
from django.db.models.functions import Now
from django.utils import timezone
from prometheus_client import CollectorRegistry, Histogram, Metric, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import REGISTRY, Collector

from pretadepenser.core.jobs.leases import lease_length
from pretadepenser.core.manifests import site_manifest
from pretadepenser.core.models import Job

SHARED_FOLDER: Final = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
if SHARED_FOLDER:
    Path(SHARED_FOLDER).mkdir(parents=True, exist_ok=True)

REQUEST_SECONDS: Final = Histogram(
    "http_request_seconds", "Time to answer a request, its wait for a thread included.", ["method", "view", "status"]
)


def measurements() -> bytes:
    """All measurements in Prometheus' text format. Reads the database."""
    registry = CollectorRegistry()
    if SHARED_FOLDER:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    registry.register(StateCollector())
    own = b"" if SHARED_FOLDER else generate_latest(REGISTRY)
    return own + generate_latest(registry)


class StateCollector(Collector):
    """What the database knows: the kernel's jobs, then what each application declares in its manifest."""

    def collect(self) -> Iterable[Metric]:
        yield from _job_metrics()
        for metrics in site_manifest().metrics:
            yield from metrics()

    def describe(self) -> Iterable[Metric]:
        return ()  # or registering would already read the database


def gauge(
    name: str, explanation: str, values: Iterable[tuple[tuple[str, ...], float]], labels: Iterable[str] = ()
) -> Metric:
    """A measurement with one value per combination of ``labels``."""
    family = GaugeMetricFamily(name, explanation, labels=tuple(labels))
    for key, value in values:
        family.add_metric(key, value)
    return family


def _job_metrics() -> Iterable[Metric]:
    rows = Job.objects.order_by().values_list("kind", "status").annotate(n=Count("pk"))
    yield gauge(
        "jobs", "Jobs by kind and status.", (((kind, status), n) for kind, status, n in rows), ["kind", "status"]
    )
    state = Job.objects.aggregate(
        oldest=Min("created_at", filter=Q(status=Job.Status.QUEUED)),
        silent=Count("pk", filter=Q(status=Job.Status.RUNNING, heartbeat_at__lt=Now() - lease_length())),
        retried=Count("pk", filter=Q(attempt__gt=1)),
    )
    waited = (timezone.now() - state["oldest"]).total_seconds() if state["oldest"] else 0.0
    yield gauge("job_oldest_queued_seconds", "How long the job that waits longest has waited.", [((), waited)])
    yield gauge("jobs_without_a_lease", "Running jobs whose worker is silent.", [((), state["silent"])])
    yield gauge("jobs_retried", "Jobs that took more than one attempt.", [((), state["retried"])])
