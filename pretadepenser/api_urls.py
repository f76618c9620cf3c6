"""URLs of the REST API, version 1."""

from django.urls import include, path

app_name = "api"
urlpatterns = [
    path("", include("pretadepenser.core.api.urls")),
    path("", include("credit.api.urls")),
    path("", include("vision.api.urls")),
]
