"""Feature sets in the admin, and the import of clients that makes and fills ours."""

from pathlib import Path

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from credit.models import FeatureSet
from credit.services.imports import request_import
from pretadepenser.core.errors import ApplicationError
from pretadepenser.core.import_roots import find_importable, told_roots
from pretadepenser.core.models import Agency, User
from pretadepenser.core.permissions import actor_of
from pretadepenser.core.roles import Permission


class ImportForm(forms.Form):
    """Folders of the server, under IMPORT_ROOTS; relative ones count from there."""

    folder = forms.CharField(label=_("Folder with the seven tables"), max_length=500)
    more = forms.CharField(
        label=_("Folders with more applications"),
        help_text=_("One a line; may stay blank."),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    agency = forms.ModelChoiceField(
        label=_("Agency of new clients whose files name none"),
        queryset=Agency.objects.all(),
        required=False,
        empty_label=_("the first one"),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed through as they are
        self.fields["folder"].help_text = gettext("On the server, under %(roots)s.") % {"roots": told_roots()}

    def clean_folder(self) -> Path:
        return _allowed(self.cleaned_data["folder"])

    def clean_more(self) -> list[Path]:
        return [_allowed(line.strip()) for line in self.cleaned_data["more"].splitlines() if line.strip()]


@admin.register(FeatureSet)
class FeatureSetAdmin(admin.ModelAdmin):
    """Rows are written by imports and registrations alone."""

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

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: FeatureSet | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: FeatureSet | None = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_http_methods(["GET", "HEAD", "POST"])(self.import_view))
        return [path("import/", view, name="credit_featureset_import"), *super().get_urls()]

    def import_view(self, request: HttpRequest) -> HttpResponse:
        """The form; a valid one asks for the job and leads to its page."""
        if not (isinstance(request.user, User) and request.user.can(Permission.MANAGE_MODELS)):
            return HttpResponse(status=403)
        form = ImportForm(request.POST or None)
        if form.is_valid():
            wanted = form.cleaned_data
            agency = wanted["agency"].name if wanted["agency"] else ""
            try:
                job = request_import(folders=[wanted["folder"], *wanted["more"]], agency=agency, by=actor_of(request))
            except ApplicationError as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, gettext("The import is queued."))
                return redirect("admin:core_job_change", job.pk)
        context = {**self.admin_site.each_context(request), "form": form, "opts": self.opts}
        return TemplateResponse(
            request, "admin/credit/featureset/import.html", {**context, "title": gettext("Import clients")}
        )


def _allowed(text: str) -> Path:
    """The folder that ``text`` names under one of IMPORT_ROOTS."""
    folder = find_importable(text, Path.is_dir)
    if folder is None:
        sentence = gettext("There is no folder %(folder)s where imports may read.")
        raise forms.ValidationError(sentence % {"folder": text})
    return folder
