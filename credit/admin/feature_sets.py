"""Feature sets in the admin, and the import of clients, which creates and fills our own."""

from pathlib import Path

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from credit.models import FeatureSet
from credit.services.imports import request_import
from pretadepenser.core.admin_pages import ReadOnlyAdmin, admin_url, posted
from pretadepenser.core.import_roots import importable, roots_hint
from pretadepenser.core.models import Agency
from pretadepenser.core.permissions import actor_of
from pretadepenser.core.roles import Permission


class ImportForm(forms.Form):
    """Folders of the server below IMPORT_ROOTS."""

    folder = forms.CharField(label=_("Folder with the seven tables"), help_text=lazy(roots_hint, str)(), max_length=500)
    more = forms.CharField(
        label=_("Folders with more applications"),
        help_text=_("Optional; one per line."),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    agency = forms.ModelChoiceField(
        label=_("Agency of clients without one in the files"),
        queryset=Agency.objects.all(),
        required=False,
        empty_label=_("the first one"),
    )

    def clean_folder(self) -> Path:
        return importable(self.cleaned_data["folder"], Path.is_dir)

    def clean_more(self) -> list[Path]:
        lines = map(str.strip, self.cleaned_data["more"].splitlines())
        return [importable(line, Path.is_dir) for line in lines if line]


@admin.register(FeatureSet)
class FeatureSetAdmin(ReadOnlyAdmin):
    permission = Permission.MANAGE_MODELS
    list_display = ("short_hash", "source", "column_count", "dtype", "created_at")
    list_filter = ("source",)
    fields = ("source", "sha256", "dtype", "column_count", "created_at")
    readonly_fields = ("column_count",)
    change_list_template = "admin/credit/featureset/change_list.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[FeatureSet]:
        return super().get_queryset(request).defer("population")

    @admin.display(description="SHA-256", ordering="sha256")
    def short_hash(self, feature_set: FeatureSet) -> str:
        return feature_set.sha256[:12]

    @admin.display(description=_("columns"))
    def column_count(self, feature_set: FeatureSet) -> int:
        return len(feature_set.columns)

    def get_urls(self) -> list[URLPattern]:
        return [path("import/", self.form_view(self.import_view), name="credit_featureset_import"), *super().get_urls()]

    def import_view(self, request: HttpRequest) -> HttpResponse:
        form = ImportForm(posted(request))

        def queue_import() -> str:
            values = form.cleaned_data
            agency = values["agency"].name if values["agency"] else ""
            job = request_import(folders=[values["folder"], *values["more"]], agency=agency, by=actor_of(request))
            messages.success(request, gettext("The import is queued."))
            return admin_url(job)

        explanation = gettext("The files are checked first; if anything is wrong, nothing is imported.")
        title, button = gettext("Import clients"), gettext("Import")
        return self.answer_form(request, form, queue_import, title=title, explanation=explanation, button=button)
