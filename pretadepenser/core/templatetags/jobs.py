"""Filters for jobs."""

from datetime import datetime

from django import template

from pretadepenser.core import jobs
from pretadepenser.core.manifests import site_manifest
from pretadepenser.core.models import Job

register = template.Library()


@register.filter
def job_label(kind: str) -> str:
    """The label of the kind in the reader's language."""
    return jobs.kind_label(kind)


@register.filter
def result_lines(job: Job) -> list[str]:
    """What a job that succeeded has to report; nothing for a kind without a report."""
    lines = site_manifest().job_results.get(job.kind)
    return list(lines(job.result)) if lines and job.result else []


@register.filter
def log_lines(job: Job) -> list[tuple[datetime, str]]:
    """The time and text of each line of the job's log, newest first."""
    return [(datetime.fromisoformat(line["at"]), line["text"]) for line in reversed(job.log)]
