"""Data sets in the admin: imported, described, deleted, and the original study launched on them."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from pretadepenser.core import formats
from pretadepenser.core.admin_pages import ReadOnlyAdmin, admin_url, posted
from pretadepenser.core.errors import ApplicationError
from pretadepenser.core.permissions import actor_of
from pretadepenser.core.roles import Permission
from vision.admin.import_form import DescriptionsForm, ImportForm
from vision.models import ImageDataset
from vision.presenters.import_result import problem_lines, rare_sentence
from vision.selectors.datasets import class_counts, datasets, problem_counts, problems_of, rare_classes
from vision.services.benchmarks import request_original_study
from vision.services.datasets import delete_dataset, edit_descriptions, request_import, request_upload

FINDINGS_SHOWN = 200


@admin.register(ImageDataset)
class ImageDatasetAdmin(ReadOnlyAdmin):
    permission = Permission.MANAGE_BENCHMARKS
    list_display = ("name", "image_count", "class_count", "is_demo", "created_at", "created_by")
    change_list_template = "admin/vision/imagedataset/change_list.html"
    change_form_template = "admin/vision/imagedataset/change_form.html"
    readonly_fields = ("image_count", "class_table", "summary", "job_link", "content_hash", "findings")
    fieldsets = (
        (None, {"fields": ("name", "slug", "is_demo", "image_count", "class_table", "summary")}),
        (_("Origin"), {"fields": ("created_at", "created_by", "job_link", "source_rows", "content_hash")}),
        (_("All import findings"), {"fields": ("findings",), "classes": ("collapse",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[ImageDataset]:
        return datasets()

    @admin.display(description=_("images"))
    def image_count(self, dataset: ImageDataset) -> str:
        return formats.amount(getattr(dataset, "image_count", 0))

    @admin.display(description=_("classes"))
    def class_count(self, dataset: ImageDataset) -> int:
        return len(dataset.classes)

    @admin.display(description=_("images per class"))
    def class_table(self, dataset: ImageDataset) -> SafeString:
        rows = format_html_join("", '<tr><th scope="row">{}</th><td>{}</td></tr>', class_counts(dataset).items())
        return format_html("<table>{}</table>", rows)

    @admin.display(description=_("content hash"))
    def content_hash(self, dataset: ImageDataset) -> str:
        return dataset.fingerprint

    @admin.display(description=_("import report"))
    def summary(self, dataset: ImageDataset) -> SafeString | str:
        lines = [(line,) for line in problem_lines(problem_counts(dataset))]
        if rare := rare_classes(dataset):
            lines.append((rare_sentence(rare),))
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", lines)) if lines else "–"

    @admin.display(description=_("findings"))
    def findings(self, dataset: ImageDataset) -> SafeString | str:
        problems = problems_of(dataset)
        shown = ((problem.row + 1, problem.key, problem.detail) for problem in problems[:FINDINGS_SHOWN])
        rest = len(problems) - FINDINGS_SHOWN
        more = format_html("<p>{}</p>", gettext("And %(count)d more.") % {"count": rest}) if rest > 0 else ""
        return format_html("<ul>{}</ul>{}", format_html_join("", "<li>{}: {} {}</li>", shown), more)

    def get_urls(self) -> list[URLPattern]:
        return [
            path("import/", self.form_view(self.import_view), name="vision_imagedataset_import"),
            path("<int:pk>/describe/", self.form_view(self.describe_view), name="vision_imagedataset_describe"),
            path("<int:pk>/remove/", self.form_view(self.remove_view), name="vision_imagedataset_remove"),
            path("<int:pk>/study/", self.button_view(self.study_view), name="vision_imagedataset_study"),
            *super().get_urls(),
        ]

    def import_view(self, request: HttpRequest) -> HttpResponse:
        form = ImportForm(posted(request), request.FILES or None)

        def queue_import() -> str:
            values, by = form.cleaned_data, actor_of(request)
            archive = values["archive"]
            if archive:
                job = request_upload(chunks=archive.chunks(), file_name=archive.name, name=values["name"], by=by)
            else:
                job = request_import(source=values["source"], images=values["images"], name=values["name"], by=by)
            messages.success(request, gettext("The import is queued."))
            return admin_url(job)

        explanation = gettext(
            "A folder or archive holds either a CSV file with columns for image, class and title and the images it "
            "names, or one folder of images per class. Missing, unreadable and duplicate images are reported; the rest "
            "is imported."
        )
        title, button = gettext("Import images"), gettext("Import")
        return self.answer_form(request, form, queue_import, title=title, explanation=explanation, button=button)

    def describe_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        dataset = get_object_or_404(ImageDataset, pk=pk)
        form = DescriptionsForm(dataset, posted(request))

        def describe() -> str:
            try:
                edit_descriptions(dataset=dataset, descriptions=form.descriptions, by=actor_of(request))
            except ApplicationError as error:
                raise ApplicationError(str(error), field=form.field_of(error.field)) from error
            messages.success(request, gettext("Descriptions saved; new benchmarks will use them."))
            return admin_url(dataset)

        explanation = gettext(
            "English sentences, one per line; contenders that read text compare each image with them. A benchmark "
            "keeps the sentences of the moment it is launched."
        )
        words = {"title": gettext("Describe the classes"), "explanation": explanation, "button": gettext("Save")}
        return self.answer_form(request, form, describe, **words, original=dataset)

    def remove_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        dataset = get_object_or_404(ImageDataset, pk=pk)
        count = dataset.images.count()

        def delete() -> str:
            delete_dataset(dataset=dataset, by=actor_of(request))
            messages.success(request, gettext("The data set “%(name)s” is deleted.") % {"name": dataset.name})
            return reverse("admin:vision_imagedataset_changelist")

        explanation = ngettext(
            "“%(name)s” and its %(count)s image will be permanently deleted; the source files stay where they are.",
            "“%(name)s” and its %(count)s images will be permanently deleted; the source files stay where they are.",
            count,
        ) % {"name": dataset.name, "count": formats.amount(count)}
        words = {"title": gettext("Delete the data set"), "explanation": explanation, "button": gettext("Delete")}
        return self.answer_form(request, Form(posted(request)), delete, **words, original=dataset)

    def study_view(self, request: HttpRequest, pk: int) -> str:
        dataset = get_object_or_404(ImageDataset, pk=pk)
        faithful, _repaired = request_original_study(dataset=dataset, by=actor_of(request))
        messages.success(request, gettext("Two benchmarks are queued: the study as published, and corrected."))
        return admin_url(faithful)
