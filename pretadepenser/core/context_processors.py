"""Template variables of every page: navigation, the user's role and agency, the product's version."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from pretadepenser.core.manifests import NavigationEntry, site_manifest
from pretadepenser.core.models import User


def site(request: HttpRequest) -> dict[str, object]:
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {"product_version": settings.PRODUCT_VERSION, "navigation": []}
    return {
        "product_version": settings.PRODUCT_VERSION,
        "navigation": [_link(request, entry) for entry in site_manifest().navigation if user.can(entry.permission)],
        "role_label": user.get_role_display(),
        "agency_name": user.agency.name if user.agency else _("All agencies"),
    }


def _link(request: HttpRequest, entry: NavigationEntry) -> dict[str, object]:
    url = reverse(entry.url_name)
    return {"label": entry.label, "url": url, "is_current": request.path.startswith(url)}
