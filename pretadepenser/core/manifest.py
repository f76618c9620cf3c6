"""The kernel's own navigation, journal words and admin permissions."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from pretadepenser.core.manifests import Manifest, NavigationEntry, ObjectType
from pretadepenser.core.roles import Permission

MANIFEST: Final = Manifest(
    navigation=(
        NavigationEntry(_("Journal"), "core:journal", Permission.VIEW_AUDIT),
        NavigationEntry(_("Jobs"), "core:job_list", Permission.VIEW_JOBS),
        NavigationEntry(_("Administration"), "admin:index", Permission.MANAGE_USERS),
    ),
    journal_sentences={
        "session.opened": _("Signed in"),
        "session.closed": _("Signed out"),
        "session.refused": _("A sign-in failed"),
        "user.created": _("Created an account"),
        "user.changed": _("Changed an account"),
        "user.password_changed": _("Changed a password"),
        "agency.created": _("Created an agency"),
        "agency.changed": _("Changed an agency"),
        "agency.deleted": _("Deleted an agency"),
        "api_token.created": _("Created an API key"),
        "api_token.revoked": _("Revoked an API key"),
        "job.requested": _("Asked for a job"),
        "job.retried": _("Started a job again"),
        "job.cancelled": _("Stopped a job"),
        "journal.exported": _("Exported the journal"),
    },
    object_types={
        "user": ObjectType(_("account")),
        "agency": ObjectType(_("agency")),
        "apitoken": ObjectType(_("API key")),
        "job": ObjectType(_("job"), "core:job_detail"),
    },
    admin_permissions={
        "core.user": Permission.MANAGE_USERS,
        "core.agency": Permission.MANAGE_USERS,
        "core.apitoken": Permission.MANAGE_USERS,
        "core.auditevent": Permission.VIEW_AUDIT,
        "core.job": Permission.MANAGE_JOBS,
    },
)
