"""Words of jobs."""

from django import template

from pretadepenser.core import jobs

register = template.Library()


@register.filter
def job_label(kind: str) -> str:
    """What kind of work it is, in the reader's language."""
    return jobs.kind_label(kind)
