"""Images that people tried."""

from django.db.models import QuerySet

from pretadepenser.core.models import User
from pretadepenser.core.roles import Permission
from vision.models import Trial


def trials_visible_to(user: User) -> QuerySet[Trial]:
    """The user's own trials; all of them for users who manage benchmarks or audit."""
    trials = Trial.objects.select_related("run__dataset", "job")
    if user.can(Permission.MANAGE_BENCHMARKS) or user.can(Permission.VIEW_AUDIT):
        return trials
    return trials.filter(created_by=user)
