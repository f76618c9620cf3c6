"""Benchmarks in the admin: launched, followed, cancelled and retried; results have their own pages."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pretadepenser.core import formats
from pretadepenser.core.admin_pages import ReadOnlyAdmin, admin_link, admin_url, json_block, posted
from pretadepenser.core.permissions import actor_of
from pretadepenser.core.roles import Permission
from vision.admin.launch_form import LaunchForm
from vision.models import BenchmarkRun
from vision.presenters.notes import run_notes
from vision.selectors.benchmarks import config_of, runs
from vision.services.benchmarks import cancel_benchmark, request_benchmark, retry_benchmark
from vision.wording import contender_title


@admin.register(BenchmarkRun)
class BenchmarkRunAdmin(ReadOnlyAdmin):
    permission = Permission.MANAGE_BENCHMARKS
    list_display = ("name", "dataset", "state", "created_by", "created_at")
    list_filter = ("kind", "dataset")
    list_per_page = 50
    change_list_template = "admin/vision/benchmarkrun/change_list.html"
    change_form_template = "admin/vision/benchmarkrun/change_form.html"
    readonly_fields = ("contenders", "counterpart", "job_link", "settings", "hashes", "environment_as_json")
    fieldsets = (
        (None, {"fields": ("dataset", "kind", "counterpart", "contenders")}),
        (_("Request"), {"fields": ("created_at", "created_by", "job_link", "finished_at")}),
        (_("All settings"), {"fields": ("settings", "hashes", "environment_as_json"), "classes": ("collapse",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[BenchmarkRun]:
        return runs()

    @admin.display(description=_("status"), ordering="job__status")
    def state(self, run: BenchmarkRun) -> str:
        """The job's status and, while it runs, its progress."""
        if run.job is None:
            return self.empty_value_display
        status = str(run.job.get_status_display())
        if run.job.is_finished or not run.job.progress_total:
            return status
        return f"{status}, {formats.percent(run.job.progress_done / run.job.progress_total)}"

    @admin.display(description=_("counterpart"))
    def counterpart(self, run: BenchmarkRun) -> SafeString | str:
        """The corrected study for the study as published, and the other way round."""
        return admin_link(run.repairs or getattr(run, "repaired_by", None))

    @admin.display(description=_("contenders"))
    def contenders(self, run: BenchmarkRun) -> str:
        return " · ".join(contender_title(name) for name in config_of(run).contenders)

    @admin.display(description=_("settings"))
    def settings(self, run: BenchmarkRun) -> SafeString | str:
        return json_block(run.config)

    @admin.display(description=_("split hashes"))
    def hashes(self, run: BenchmarkRun) -> str:
        return ", ".join(run.split_hashes)

    @admin.display(description=_("environment"))
    def environment_as_json(self, run: BenchmarkRun) -> SafeString | str:
        return json_block(run.environment)

    def get_urls(self) -> list[URLPattern]:
        return [
            path("launch/", self.form_view(self.launch_view), name="vision_benchmarkrun_launch"),
            path("<int:pk>/cancel/", self.button_view(self.cancel_view), name="vision_benchmarkrun_cancel"),
            path("<int:pk>/retry/", self.button_view(self.retry_view), name="vision_benchmarkrun_retry"),
            *super().get_urls(),
        ]

    def launch_view(self, request: HttpRequest) -> HttpResponse:
        form = LaunchForm(posted(request), initial={"dataset": request.GET.get("dataset")})

        def launch() -> str:
            dataset, name = form.cleaned_data["dataset"], form.cleaned_data["name"]
            run = request_benchmark(dataset=dataset, config=form.config, name=name, by=actor_of(request))
            messages.success(request, gettext("The benchmark is queued."))
            for note in run_notes(run):
                messages.warning(request, note)
            return admin_url(run)

        explanation = gettext(
            "Every contender is trained and tested on the same images, in the background. A finished benchmark cannot "
            "be changed."
        )
        title, button = gettext("Launch a benchmark"), gettext("Launch")
        return self.answer_form(request, form, launch, title=title, explanation=explanation, button=button)

    def cancel_view(self, request: HttpRequest, pk: int) -> str:
        run = get_object_or_404(BenchmarkRun, pk=pk)
        cancel_benchmark(run=run, by=actor_of(request))
        messages.success(request, gettext("The benchmark is cancelled; it stops within seconds."))
        return admin_url(run)

    def retry_view(self, request: HttpRequest, pk: int) -> str:
        run = retry_benchmark(run=get_object_or_404(BenchmarkRun, pk=pk), by=actor_of(request))
        messages.success(request, gettext("The benchmark is queued again."))
        return admin_url(run)
