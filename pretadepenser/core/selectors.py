"""What pages and endpoints of the kernel read."""

from django.db.models import Q, QuerySet

from pretadepenser.core.models import Job, User
from pretadepenser.core.roles import Permission


def jobs_visible_to(user: User) -> QuerySet[Job]:
    """Jobs, newest first: all of them for who manages jobs, for others those they asked for, alone or with somebody."""
    jobs = Job.objects.select_related("created_by")
    if user.can(Permission.MANAGE_JOBS):
        return jobs
    shared = Job.also_requested_by.through.objects.filter(user=user).values("job")
    return jobs.filter(Q(created_by=user) | Q(pk__in=shared))
