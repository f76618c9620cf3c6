"""Addresses of the site."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("api/v1/", include("pretadepenser.api_urls")),  # first: programs ask more often than people
    path("", include("pretadepenser.core.urls")),
    path("", include("credit.urls")),
    path("vision/", include("vision.urls")),
    path("admin/", admin.site.urls),
]

handler400 = "pretadepenser.core.views.bad_request"
handler403 = "pretadepenser.core.views.forbidden"
handler404 = "pretadepenser.core.views.not_found"
handler500 = "pretadepenser.core.views.server_error"
