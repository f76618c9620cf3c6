"""URLs of the kernel's endpoints."""

from django.urls import path

from pretadepenser.core.api import documentation, events, views

urlpatterns = [
    path("token/", views.TokenView.as_view(), name="token"),
    path("me/", views.MeView.as_view(), name="me"),
    path("jobs/", views.JobListView.as_view(), name="job_list"),
    path("jobs/<int:job_id>/", views.JobView.as_view(), name="job"),
    path("jobs/<int:job_id>/cancel/", views.JobCancelView.as_view(), name="job_cancel"),
    path("events/", events.EventListView.as_view(), name="event_list"),
    path("schema/", documentation.SchemaView.as_view(), name="schema"),
    path("docs/", documentation.BrowsePage.as_view(url_name="api:schema"), name="docs"),
]
