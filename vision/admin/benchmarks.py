"""Benchmarks in the admin: launched, followed, stopped and tried again; results are read on their pages."""

import json

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pretadepenser.core.errors import ApplicationError
from pretadepenser.core.permissions import actor_of
from pretadepenser.core.templatetags import formats
from vision.admin.launch_form import LaunchForm
from vision.admin.pages import VisionAdmin, tell
from vision.models import BenchmarkRun
from vision.selectors.benchmarks import config_of, runs
from vision.services.benchmarks import cancel_benchmark, request_benchmark, retry_benchmark
from vision.wording import contender_title

_PAGE = "vision_benchmarkrun_change"


@admin.register(BenchmarkRun)
class BenchmarkRunAdmin(VisionAdmin):
    list_display = ("name", "dataset", "state", "created_by", "created_at")
    list_filter = ("kind", "dataset")
    list_per_page = 50
    change_list_template = "admin/vision/benchmarkrun/change_list.html"
    change_form_template = "admin/vision/benchmarkrun/change_form.html"
    readonly_fields = ("contenders", "beside", "job_link", "settings", "hashes", "environment_as_json")
    fieldsets = (
        (None, {"fields": ("dataset", "kind", "beside", "contenders")}),
        (_("Request"), {"fields": ("created_at", "created_by", "job_link", "finished_at")}),
        (_("All settings"), {"fields": ("settings", "hashes", "environment_as_json"), "classes": ("collapse",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[BenchmarkRun]:
        return runs()

    @admin.display(description=_("status"), ordering="job__status")
    def state(self, run: BenchmarkRun) -> str:
        """The job's status and, as long as it runs, how far it is."""
        if run.job is None:
            return self.empty_value_display
        status = str(run.job.get_status_display())
        if run.job.is_finished or not run.job.progress_total:
            return status
        return f"{status}, {formats.percent(run.job.progress_done / run.job.progress_total)}"

    @admin.display(description=_("stands beside"))
    def beside(self, run: BenchmarkRun) -> SafeString | str:
        """The study as it was done beside the repaired one, and the other way round."""
        other = run.repairs or getattr(run, "repaired_by", None)
        if other is None:
            return self.empty_value_display
        return format_html('<a href="{}">{}</a>', reverse(f"admin:{_PAGE}", args=[other.pk]), other)

    @admin.display(description=_("contenders"))
    def contenders(self, run: BenchmarkRun) -> str:
        return ", ".join(contender_title(name) for name in config_of(run).contenders)

    @admin.display(description=_("settings"))
    def settings(self, run: BenchmarkRun) -> SafeString:
        return _as_json(run.config)

    @admin.display(description=_("hashes of the splits"))
    def hashes(self, run: BenchmarkRun) -> str:
        return ", ".join(run.split_hashes) or "–"

    @admin.display(description=_("environment"))
    def environment_as_json(self, run: BenchmarkRun) -> SafeString | str:
        return _as_json(run.environment) if run.environment else "–"

    def get_urls(self) -> list[URLPattern]:
        cancel, retry = self.button(self.cancel_view, _PAGE), self.button(self.retry_view, _PAGE)
        return [
            path("launch/", self.page(self.launch_view), name="vision_benchmarkrun_launch"),
            path("<int:pk>/cancel/", cancel, name="vision_benchmarkrun_cancel"),
            path("<int:pk>/retry/", retry, name="vision_benchmarkrun_retry"),
            *super().get_urls(),
        ]

    def launch_view(self, request: HttpRequest) -> HttpResponse:
        """The form; a valid one launches the benchmark and leads to its page."""
        sent = request.POST if request.method == "POST" else None
        form = LaunchForm(sent, initial={"dataset": request.GET.get("dataset")})
        if form.is_valid():
            dataset, name = form.cleaned_data["dataset"], form.cleaned_data["name"]
            try:
                run = request_benchmark(dataset=dataset, config=form.config, name=name, by=actor_of(request))
            except ApplicationError as error:
                tell(form, error)
            else:
                messages.success(request, gettext("The benchmark is queued."))
                return redirect(f"admin:{_PAGE}", run.pk)
        return self.show_form(request, "admin/vision/benchmarkrun/launch.html", form, gettext("Launch a benchmark"))

    def cancel_view(self, request: HttpRequest, pk: int) -> str:
        cancel_benchmark(run=get_object_or_404(BenchmarkRun, pk=pk), by=actor_of(request))
        messages.success(request, gettext("The benchmark is cancelled; a worker that runs it stops within seconds."))
        return reverse(f"admin:{_PAGE}", args=[pk])

    def retry_view(self, request: HttpRequest, pk: int) -> str:
        retry_benchmark(run=get_object_or_404(BenchmarkRun, pk=pk), by=actor_of(request))
        messages.success(request, gettext("The benchmark is queued again."))
        return reverse(f"admin:{_PAGE}", args=[pk])


def _as_json(content: object) -> SafeString:
    return format_html("<pre>{}</pre>", json.dumps(content, indent=2, ensure_ascii=False))
