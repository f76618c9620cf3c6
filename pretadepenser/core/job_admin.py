"""Jobs in the Django admin: read, cancelled, retried. Registered by ``core.admin``."""

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from pretadepenser.core import formats
from pretadepenser.core.admin_pages import ReadOnlyAdmin, admin_url, job_name
from pretadepenser.core.errors import ApplicationError
from pretadepenser.core.jobs import cancel_job, kind_label, retry_job
from pretadepenser.core.models import Job, User
from pretadepenser.core.permissions import actor_of
from pretadepenser.core.roles import Permission


class KindFilter(admin.SimpleListFilter):
    """Filters by kind; lists only kinds that occur."""

    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        names = Job.objects.order_by("kind").values_list("kind", flat=True).distinct()
        return [(name, kind_label(name)) for name in names]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Job]) -> QuerySet[Job]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


class JobAdmin(ReadOnlyAdmin):
    permission = Permission.MANAGE_JOBS
    list_display = ("id", "label", "status", "progress", "created_by", "created_at")
    list_filter = ("status", KindFilter, "queue")
    list_select_related = ("created_by",)
    list_per_page = 50
    search_fields = ("=id", "created_by__username")
    actions = ("cancel_selected", "retry_selected")
    change_form_template = "admin/core/job/change_form.html"
    readonly_fields = ("label", "progress", "attempts", "formatted_traceback")
    fieldsets = (
        (None, {"fields": ("label", "status", "progress", "error", "result")}),
        (_("Request"), {"fields": ("arguments", "queue", "created_by", "retry_of", "deadline_at")}),
        (
            _("Timeline"),
            {"fields": ("created_at", "started_at", "heartbeat_at", "finished_at", "attempts", "cancel_requested_at")},
        ),
        (_("Traceback"), {"fields": ("formatted_traceback",), "classes": ("collapse",)}),
    )

    @admin.display(description=_("kind"), ordering="kind")
    def label(self, job: Job) -> str:
        return kind_label(job.kind)

    @admin.display(description=_("progress"))
    def progress(self, job: Job) -> str:
        """The share done and the message; 100 % once the job has succeeded."""
        if job.status == Job.Status.SUCCEEDED:
            return formats.percent(1)
        share = formats.percent(job.progress_done / job.progress_total) if job.progress_total else ""
        return " · ".join(text for text in (share, job.progress_message) if text) or "–"

    @admin.display(description=_("attempts"), ordering="attempt")
    def attempts(self, job: Job) -> str:
        return f"{job.attempt} / {job.max_attempts}"

    @admin.display(description=_("traceback"))
    def formatted_traceback(self, job: Job) -> str:
        return format_html("<pre>{}</pre>", job.traceback) if job.traceback else "–"

    def has_view_permission(self, request: HttpRequest, obj: Job | None = None) -> bool:
        return self.has_manage_permission(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_manage_permission(request)

    def has_manage_permission(self, request: HttpRequest) -> bool:
        """The permission of the actions below."""
        return isinstance(request.user, User) and request.user.can(Permission.MANAGE_JOBS)

    @admin.action(description=_("Cancel the selected jobs"), permissions=["manage"])
    def cancel_selected(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        waiting = [job for job in queryset if not job.is_finished]
        for job in waiting:
            cancel_job(job=job, by=actor_of(request))
        count = len(waiting)
        self.message_user(request, ngettext("%d job is cancelled.", "%d jobs are cancelled.", count) % count)

    @admin.action(description=_("Retry the selected jobs"), permissions=["manage"])
    def retry_selected(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        count = 0
        for job in queryset:
            try:
                retry_job(job=job, by=actor_of(request))
                count += 1
            except ApplicationError as error:
                self.message_user(request, f"{job.pk}: {error}", messages.WARNING)
        self.message_user(request, ngettext("%d job is queued again.", "%d jobs are queued again.", count) % count)

    def name_of(self, row: Model) -> str:
        return job_name(row) if isinstance(row, Job) else str(row)

    def get_urls(self) -> list[URLPattern]:
        return [
            path("<int:pk>/cancel/", self.button_view(self.cancel_view), name="core_job_cancel"),
            path("<int:pk>/retry/", self.button_view(self.retry_view), name="core_job_retry"),
            *super().get_urls(),
        ]

    def cancel_view(self, request: HttpRequest, pk: int) -> str:
        job = cancel_job(job=get_object_or_404(Job, pk=pk), by=actor_of(request))
        self.message_user(request, gettext("The job is cancelled; it stops within seconds."))
        return admin_url(job)

    def retry_view(self, request: HttpRequest, pk: int) -> str:
        job = retry_job(job=get_object_or_404(Job, pk=pk), by=actor_of(request))
        self.message_user(request, gettext("A new job was made from job %d.") % pk)
        return admin_url(job)
