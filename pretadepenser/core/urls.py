"""URLs of the kernel's pages."""

from django.urls import path
from django.views.i18n import set_language

from pretadepenser.core import health, views
from pretadepenser.core.account_views import account
from pretadepenser.core.journal import views as journal
from pretadepenser.core.kept_forms import kept_form
from pretadepenser.core.style_guide import style_guide

app_name = "core"
urlpatterns = [
    path("", views.home, name="home"),
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("account/", account, name="account"),
    path("kept/<slug:key>/", kept_form, name="kept_form"),
    path("language/", views.language(set_language), name="set_language"),
    path("jobs/", views.job_list, name="job_list"),
    path("jobs/<int:job_id>/", views.job_detail, name="job_detail"),
    path("jobs/<int:job_id>/progress/", views.job_progress, name="job_progress"),
    path("jobs/<int:job_id>/cancel/", views.job_cancel, name="job_cancel"),
    path("journal/", journal.journal, name="journal"),
    path("journal.csv", journal.journal_export, {"file_format": "csv"}, name="journal_csv"),
    path("journal.ndjson", journal.journal_export, {"file_format": "ndjson"}, name="journal_ndjson"),
    path("style-guide/", style_guide, name="style_guide"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
]
