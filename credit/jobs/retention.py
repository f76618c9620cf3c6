"""Erases what is over its retention period, in chunks that a killed worker's successor goes on from."""

from functools import partial
from typing import Final

from django.utils.translation import gettext as _

from credit.selectors.retention import RetentionRule, retention_rules
from credit.services.persons import Ground, erase_persons
from credit.services.population import request_population_store
from pretadepenser.core.audit import record
from pretadepenser.core.jobs import JobResult, Progress
from pretadepenser.core.models import SYSTEM, Job

ROWS_AT_ONCE: Final = 200


def apply_retention(job: Job, progress: Progress) -> JobResult:
    """Applies every rule that erases; says how many files or rows went by each."""
    counts: dict[str, int] = dict(job.checkpoint.get("counts", {}))
    for rule in retention_rules():
        if rule.kind != "archive":
            _apply(rule, counts, job, progress)
    return progress.finish_with(partial(_finish, counts, job))


def _apply(rule: RetentionRule, counts: dict[str, int], job: Job, progress: Progress) -> None:
    counts.setdefault(rule.name, 0)
    while True:
        progress(sum(counts.values()), 0, _("erasing expired data"))
        with progress.guarded_transaction():
            ids = list(rule.due.order_by("pk").values_list("pk", flat=True)[:ROWS_AT_ONCE])
            if not ids:
                return
            if rule.kind == "persons":
                erase_persons(client_ids=ids, ground=Ground.PERIOD_OVER, by=job.actor)
            else:
                rule.due.model._default_manager.filter(pk__in=ids).delete()
            counts[rule.name] += len(ids)
            progress.checkpoint({"counts": counts})


def _finish(counts: dict[str, int], job: Job) -> JobResult:
    record("retention.applied", by=job.actor, target=job, detail=counts)
    if counts["refused"] + counts["granted"] + counts["undecided"]:
        request_population_store(by=SYSTEM)
    return counts
