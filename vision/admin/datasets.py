"""Data sets in the admin: imported, described, and the original study made again on them."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pretadepenser.core.errors import ApplicationError
from pretadepenser.core.permissions import actor_of
from vision.admin.import_form import DescriptionsForm, ImportForm
from vision.admin.pages import VisionAdmin, tell
from vision.models import ImageDataset
from vision.presenters.import_result import PROBLEMS
from vision.selectors.datasets import class_counts, datasets, problem_counts, problems_of
from vision.services.benchmarks import request_original_study
from vision.services.datasets import delete_dataset, edit_descriptions, request_import, request_upload

SHOWN = 200


@admin.register(ImageDataset)
class ImageDatasetAdmin(VisionAdmin):
    list_display = ("name", "image_count", "class_count", "is_demo", "created_at", "created_by")
    change_list_template = "admin/vision/imagedataset/change_list.html"
    change_form_template = "admin/vision/imagedataset/change_form.html"
    readonly_fields = ("image_count", "class_table", "summary", "job_link", "content_hash", "findings")
    fieldsets = (
        (None, {"fields": ("name", "slug", "is_demo", "image_count", "class_table", "summary")}),
        (_("Origin"), {"fields": ("created_at", "created_by", "job_link", "source_rows", "content_hash")}),
        (_("All findings of the import"), {"fields": ("findings",), "classes": ("collapse",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[ImageDataset]:
        return datasets()

    @admin.display(description=_("images"))
    def image_count(self, dataset: ImageDataset) -> int:
        return int(getattr(dataset, "image_count", 0))

    @admin.display(description=_("classes"))
    def class_count(self, dataset: ImageDataset) -> int:
        return len(dataset.classes)

    @admin.display(description=_("images of each class"))
    def class_table(self, dataset: ImageDataset) -> SafeString:
        rows = format_html_join("", '<tr><th scope="row">{}</th><td>{}</td></tr>', class_counts(dataset).items())
        return format_html("<table>{}</table>", rows)

    @admin.display(description=_("hash of the content"))
    def content_hash(self, dataset: ImageDataset) -> str:
        return dataset.fingerprint

    @admin.display(description=_("report of the import"))
    def summary(self, dataset: ImageDataset) -> SafeString | str:
        lines = [(PROBLEMS[kind] % {"count": count},) for kind, count in problem_counts(dataset).items()]
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", lines)) if lines else "–"

    @admin.display(description=_("findings"))
    def findings(self, dataset: ImageDataset) -> SafeString | str:
        found = problems_of(dataset)
        rows = format_html_join("", "<li>{}: {} {}</li>", ((one.row + 1, one.key, one.detail) for one in found[:SHOWN]))
        rest = len(found) - SHOWN
        more = format_html("<p>{}</p>", gettext("And %(count)d more.") % {"count": rest}) if rest > 0 else ""
        return format_html("<ul>{}</ul>{}", rows, more) if found else "–"

    def get_urls(self) -> list[URLPattern]:
        study = self.button(self.study_view, "vision_imagedataset_change")
        return [
            path("import/", self.page(self.import_view), name="vision_imagedataset_import"),
            path("<int:pk>/describe/", self.page(self.describe_view), name="vision_imagedataset_describe"),
            path("<int:pk>/remove/", self.page(self.remove_view), name="vision_imagedataset_remove"),
            path("<int:pk>/study/", study, name="vision_imagedataset_study"),
            *super().get_urls(),
        ]

    def import_view(self, request: HttpRequest) -> HttpResponse:
        """The form; a valid one asks for the job and leads to its page."""
        form = ImportForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
        if form.is_valid():
            asked, by = form.cleaned_data, actor_of(request)
            archive = asked["archive"]
            try:
                if archive:
                    job = request_upload(chunks=archive.chunks(), file_name=archive.name, name=asked["name"], by=by)
                else:
                    job = request_import(source=asked["source"], images=asked["images"], name=asked["name"], by=by)
            except ApplicationError as error:
                tell(form, error)
            else:
                messages.success(request, gettext("The import is queued."))
                return redirect("admin:core_job_change", job.pk)
        return self.show_form(request, "admin/vision/imagedataset/import.html", form, gettext("Import images"))

    def describe_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The sentences that stand for the classes."""
        dataset = get_object_or_404(ImageDataset, pk=pk)
        form = DescriptionsForm(dataset, *((request.POST,) if request.method == "POST" else ()))
        if form.is_valid():
            try:
                edit_descriptions(dataset=dataset, descriptions=form.descriptions, by=actor_of(request))
            except ApplicationError as error:
                form.add_error(form.field_of(error.field), str(error))
            else:
                messages.success(request, gettext("The descriptions are kept, and used by benchmarks from now on."))
                return redirect("admin:vision_imagedataset_change", dataset.pk)
        title = gettext("Describe the classes")
        return self.show_form(request, "admin/vision/imagedataset/describe.html", form, title, original=dataset)

    def remove_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What would be lost, and the button that deletes it."""
        dataset = get_object_or_404(datasets(), pk=pk)
        form = Form(request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                delete_dataset(dataset=dataset, by=actor_of(request))
            except ApplicationError as error:
                tell(form, error)
            else:
                messages.success(request, gettext("The data set “%(name)s” is deleted.") % {"name": dataset.name})
                return redirect("admin:vision_imagedataset_changelist")
        title = gettext("Delete the data set")
        return self.show_form(request, "admin/vision/imagedataset/remove.html", form, title, original=dataset)

    def study_view(self, request: HttpRequest, pk: int) -> str:
        dataset = get_object_or_404(ImageDataset, pk=pk)
        faithful, _repaired = request_original_study(
            dataset=dataset, from_scratch="from_scratch" in request.POST, by=actor_of(request)
        )
        messages.success(request, gettext("Two benchmarks are queued: the study as it was done, and repaired."))
        return reverse("admin:vision_benchmarkrun_change", args=[faithful.pk])
