"""Words of jobs."""

from datetime import datetime

from django import template

from pretadepenser.core import jobs
from pretadepenser.core.models import Job

register = template.Library()


@register.filter
def job_label(kind: str) -> str:
    """What kind of work it is, in the reader's language."""
    return jobs.kind_label(kind)


@register.filter
def log_lines(job: Job) -> list[tuple[datetime, str]]:
    """The job's log, newest first: when each stage began, and its words."""
    return [(datetime.fromisoformat(line["at"]), line["text"]) for line in reversed(job.log)]
