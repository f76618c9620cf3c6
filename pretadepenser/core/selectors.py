"""What pages and endpoints of the kernel read."""

from django.db.models import Q, QuerySet

from pretadepenser.core.models import Job, User
from pretadepenser.core.roles import Permission


def jobs_visible_to(user: User) -> QuerySet[Job]:
    """Jobs, newest first: all of them for who manages or audits, for others those they asked for or joined."""
    jobs = Job.objects.select_related("created_by")
    if user.can(Permission.MANAGE_JOBS) or user.can(Permission.VIEW_AUDIT):
        return jobs
    shared = Job.also_requested_by.through.objects.filter(user=user).values("job")
    return jobs.filter(Q(created_by=user) | Q(pk__in=shared))
