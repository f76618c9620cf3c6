"""Measures a model group by group, on predictions of clients it had not seen."""

from collections.abc import Mapping
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
    """Writes the report of a version by group, at its threshold in force, without clients whose file is gone."""
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
    attributes = {name: attribute_of(name, files.columns[column][theirs]) for name, column in ATTRIBUTES.items()}
    groups: dict[str, tuple[Group, ...]] = {}
    for name, attribute in attributes.items():
        progress(len(groups), len(attributes), _("measuring groups"))
        people = (rows.target[mine], rows.probability[mine], attribute.codes, attribute.levels)
        groups[name] = measure_groups(*people, threshold=policy.threshold, costs=policy.costs)
    tests = group_tests(groups)
    measured = {
        name: {"edges": attribute.edges, "groups": [asdict(group) for group in groups[name]], "tests": tests[name]}
        for name, attribute in attributes.items()
    }
    alerts = _alerts(tests)

    def save() -> JobResult:
        report = MonitoringReport.objects.create(
            kind=MonitoringReport.Kind.FAIRNESS,
            model_version=version,
            parameters={"policy": policy.number, "threshold": policy.threshold},
            results={"clients": len(mine), "attributes": measured},
            alerts=alerts,
            created_by=job.created_by,
            job=job,
        )
        return {"report": report.pk, "alerts": alerts}

    return progress.finish_with(save)


def _alerts(tests: Mapping[str, Mapping[str, float]]) -> int:
    """The number of attributes of which at least one measure differs between groups."""
    return sum(
        any(tests[name].get(measure, 1.0) < SIGNIFICANCE for measure in COMPARED) for name in FAIRNESS_ATTRIBUTES
    )
