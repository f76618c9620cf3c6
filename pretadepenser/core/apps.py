"""The kernel application: users, roles, agencies, jobs, audit, tokens, health."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "pretadepenser.core"
    label = "core"
    verbose_name = _("People and jobs")
    default = True
