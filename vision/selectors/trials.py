"""Images that people tried."""

from django.db.models import QuerySet

from pretadepenser.core.models import User
from pretadepenser.core.roles import Permission
from vision.models import Trial


def trials_visible_to(user: User) -> QuerySet[Trial]:
    """One's own; all of them for those who run the benchmarks and those who audit."""
    found = Trial.objects.select_related("run__dataset", "job")
    if user.can(Permission.MANAGE_BENCHMARKS) or user.can(Permission.VIEW_AUDIT):
        return found
    return found.filter(created_by=user)
