"""What the journal says of people, keys, jobs and of itself."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from pretadepenser.core.journal.words import Text, ThingWords

#: Each is told of a person whose name stands before it.
SENTENCES: Final[dict[str, Text]] = {
    "session.opened": _("Signed in"),
    "session.closed": _("Signed out"),
    "user.created": _("Created an account"),
    "user.changed": _("Changed an account"),
    "api_token.created": _("Created an API key"),
    "api_token.revoked": _("Revoked an API key"),
    "job.requested": _("Asked for a job"),
    "job.retried": _("Started a job again"),
    "job.cancelled": _("Stopped a job"),
    "journal.exported": _("Exported the journal"),
}
THINGS: Final[dict[str, ThingWords]] = {
    "user": ThingWords(_("account")),
    "apitoken": ThingWords(_("API key")),
    "job": ThingWords(_("job"), "core:job_detail"),
}
