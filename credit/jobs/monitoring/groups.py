"""Measures a model group by group, on predictions of clients it had not seen."""

from dataclasses import asdict

import numpy as np
from django.utils.translation import gettext as _

from credit.jobs.monitoring.applications import read_columns
from credit.ml.attributes import ATTRIBUTES, FAIRNESS_ATTRIBUTES, attribute_of
from credit.ml.fairness import COMPARED, SIGNIFICANCE, Group, group_tests, measure_groups
from credit.models import Client, ModelVersion, MonitoringReport
from credit.selectors.model_versions import policy_in_force
from credit.selectors.policies import out_of_fold_rows
from pretadepenser.core.errors import ApplicationError
from pretadepenser.core.jobs import JobResult, Progress
from pretadepenser.core.models import Job


def check_groups(job: Job, progress: Progress) -> JobResult:
    """Writes the report of a version group by group, at its threshold in force.

    Clients whose file is gone since the training are left out.
    """
    version = ModelVersion.objects.defer("text").get(pk=job.arguments["model_version"])
    rows, policy = out_of_fold_rows(version), policy_in_force(version)
    if rows is None or policy is None:
        raise ApplicationError(_("This version came without predictions of clients it had not seen."))
    total = len(rows.client_ids)
    known = Client.objects.filter(target__isnull=False).order_by("pk")
    files = read_columns(
        known, list(ATTRIBUTES.values()), lambda done: progress(min(done, total), total, _("reading clients"))
    )
    _same, mine, theirs = np.intersect1d(rows.client_ids, files.client_ids, assume_unique=True, return_indices=True)
    found: dict[str, tuple[Group, ...]] = {}
    edges: dict[str, tuple[float, ...]] = {}
    for done, (name, column) in enumerate(ATTRIBUTES.items()):
        progress(done, len(ATTRIBUTES), _("measuring groups"))
        attribute = attribute_of(name, files.columns[column][theirs])
        found[name], edges[name] = (
            measure_groups(
                rows.target[mine],
                rows.probability[mine],
                attribute.codes,
                attribute.levels,
                threshold=policy.threshold,
                costs=policy.costs,
            ),
            attribute.edges,
        )
    tests = group_tests(found)
    results = {
        "clients": len(mine),
        "attributes": {
            name: {"edges": edges[name], "groups": [asdict(group) for group in groups], "tests": tests[name]}
            for name, groups in found.items()
        },
    }
    alerts = sum(
        any(tests[name].get(measure, 1.0) < SIGNIFICANCE for measure in COMPARED) for name in FAIRNESS_ATTRIBUTES
    )

    def save() -> JobResult:
        report = MonitoringReport.objects.create(
            kind=MonitoringReport.Kind.FAIRNESS,
            model_version=version,
            parameters={"policy": policy.number, "threshold": policy.threshold},
            results=results,
            alerts=alerts,
            created_by=job.created_by,
            job=job,
        )
        return {"report": report.pk, "alerts": alerts}

    return progress.finish_with(save)
