"""Roles and their permissions: the single table behind pages, API scopes and the admin."""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """A user's position in the company; each user has exactly one."""

    ADVISOR = "advisor", _("Advisor")
    SUPERVISOR = "supervisor", _("Supervisor")
    AUDITOR = "auditor", _("Auditor")
    ADMINISTRATOR = "administrator", _("Administrator")


class Permission(StrEnum):
    """A right to use pages, endpoints or the admin; also a scope of API tokens."""

    VIEW_CLIENTS = "clients:read"
    EDIT_CLIENTS = "clients:write"
    VIEW_SCORES = "scores:read"
    REQUEST_EXPLANATIONS = "explanations:write"
    COMPARE = "comparison:read"
    SIMULATE = "simulations:read"
    SAVE_SCENARIOS = "simulations:write"
    VIEW_DECISIONS = "decisions:read"
    DECIDE = "decisions:write"
    COUNTERSIGN = "countersignatures:write"
    VIEW_MODELS = "models:read"
    VIEW_MONITORING = "monitoring:read"
    RUN_MONITORING = "monitoring:run"
    VIEW_BENCHMARKS = "benchmarks:read"
    TRY_IMAGES = "trials:write"
    MANAGE_BENCHMARKS = "benchmarks:write"
    VIEW_JOBS = "jobs:read"
    CANCEL_JOBS = "jobs:cancel"  # one's own; those of others take MANAGE_JOBS
    VIEW_EVERY_AGENCY = "agencies:all"
    VIEW_AUDIT = "audit:read"
    EXPORT_PERSON = "persons:read"
    ERASE_PERSON = "persons:write"
    MANAGE_USERS = "users:write"
    MANAGE_MODELS = "models:write"
    MANAGE_JOBS = "jobs:write"


_READ = frozenset(
    {
        Permission.VIEW_CLIENTS,
        Permission.VIEW_SCORES,
        Permission.COMPARE,
        Permission.SIMULATE,
        Permission.VIEW_DECISIONS,
        Permission.VIEW_MODELS,
        Permission.VIEW_BENCHMARKS,
        Permission.VIEW_JOBS,
        Permission.CANCEL_JOBS,
    }
)
_MONITORING = frozenset({Permission.VIEW_MONITORING, Permission.RUN_MONITORING})
_CASEWORK = frozenset(
    {
        Permission.EDIT_CLIENTS,
        Permission.REQUEST_EXPLANATIONS,
        Permission.SAVE_SCENARIOS,
        Permission.DECIDE,
        Permission.TRY_IMAGES,
    }
)

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.ADVISOR: _READ | _CASEWORK,
    Role.SUPERVISOR: _READ | _CASEWORK | _MONITORING | {Permission.COUNTERSIGN},
    Role.AUDITOR: _READ | _MONITORING | {Permission.VIEW_EVERY_AGENCY, Permission.VIEW_AUDIT, Permission.EXPORT_PERSON},
    # Administrators run the site; they do not decide on loans.
    Role.ADMINISTRATOR: frozenset(Permission) - {Permission.DECIDE, Permission.COUNTERSIGN},
}

#: The roles that may enter the admin.
ADMIN_SITE_ROLES = frozenset({Role.ADMINISTRATOR})
