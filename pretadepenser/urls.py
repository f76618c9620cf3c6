"""URLs of the site."""

from django.contrib import admin
from django.urls import include, path

from pretadepenser.core.views import admin_sign_in, sign_out

urlpatterns = [
    path("api/v1/", include("pretadepenser.api_urls")),  # first: API clients send most requests
    path("", include("pretadepenser.core.urls")),
    path("", include("credit.urls")),
    path("vision/", include("vision.urls")),
    path("admin/login/", admin_sign_in, name="admin_sign_in"),  # one way to sign in and out for the whole site
    path("admin/logout/", sign_out, name="admin_sign_out"),
    path("admin/", admin.site.urls),
]

handler400 = "pretadepenser.core.views.bad_request"
handler403 = "pretadepenser.core.views.forbidden"
handler404 = "pretadepenser.core.views.not_found"
handler500 = "pretadepenser.core.views.server_error"
