"""What every page shows: navigation, the person's role and agency, the product's version."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pretadepenser.core.models import User
from pretadepenser.core.roles import Permission

#: Label, URL name and the permission without which the entry is not shown, in the order of the bar.
NAVIGATION = (
    (gettext_lazy("My queue"), "credit:home", Permission.VIEW_DECISIONS),
    (gettext_lazy("Clients"), "credit:client_list", Permission.VIEW_CLIENTS),
    (gettext_lazy("Model"), "credit:model_card", Permission.VIEW_MODELS),
    (gettext_lazy("Monitoring"), "credit:monitoring", Permission.VIEW_MONITORING),
    (gettext_lazy("Benchmarks"), "vision:run_list", Permission.VIEW_BENCHMARKS),
    (gettext_lazy("Journal"), "core:journal", Permission.VIEW_AUDIT),
    (gettext_lazy("Jobs"), "core:job_list", Permission.VIEW_JOBS),
    (gettext_lazy("Administration"), "admin:index", Permission.MANAGE_USERS),
)


def site(request: HttpRequest) -> dict[str, object]:
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {"product_version": settings.PRODUCT_VERSION, "navigation": []}
    return {
        "product_version": settings.PRODUCT_VERSION,
        "navigation": [_entry(request, label, name) for label, name, need in NAVIGATION if user.can(need)],
        "role_label": user.get_role_display(),
        "agency_name": user.agency.name if user.agency else _("All agencies"),
    }


def _entry(request: HttpRequest, label: str | Promise, url_name: str) -> dict[str, object]:
    url = reverse(url_name)
    return {"label": label, "url": url, "is_current": request.path.startswith(url)}
