"""A person who signs in: one role, and one agency when the role is bound to one."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pretadepenser.core.models.agency import Agency
from pretadepenser.core.roles import PERMISSIONS, Permission, Role


class User(AbstractUser):
    role = models.CharField(_("role"), max_length=20, choices=Role.choices, default=Role.ADVISOR)
    agency = models.ForeignKey(
        Agency, verbose_name=_("agency"), on_delete=models.PROTECT, null=True, blank=True, related_name="users"
    )

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            # Without this an advisor with no agency would see nothing and never know why.
            models.CheckConstraint(
                name="user_of_an_agency_has_one",
                condition=Q(role__in=[Role.AUDITOR, Role.ADMINISTRATOR]) | Q(agency__isnull=False),
                violation_error_message=_("An advisor or a supervisor belongs to an agency: choose one."),
            ),
        ]

    def can(self, permission: Permission) -> bool:
        """Whether this person's role holds ``permission``; an inactive person may do nothing."""
        return self.is_active and permission in PERMISSIONS[Role(self.role)]

    @property
    def sees_every_agency(self) -> bool:
        return self.can(Permission.VIEW_EVERY_AGENCY)
