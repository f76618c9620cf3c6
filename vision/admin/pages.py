"""What the pages of data sets and of benchmarks share in the admin: guards, and forms that call a service."""

from collections.abc import Callable

from django.contrib import admin, messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from pretadepenser.core.errors import ApplicationError
from pretadepenser.core.jobs import kind_label
from pretadepenser.core.models import User
from pretadepenser.core.roles import Permission
from vision.models import BenchmarkRun, ImageDataset


class VisionAdmin(admin.ModelAdmin):
    """Rows that services and jobs write: nothing is added, changed or removed by the admin itself."""

    empty_value_display = "–"

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:
        """The list under its name: the admin's own title asks to choose something to change."""
        title = {"title": capfirst(self.opts.verbose_name_plural)}
        return super().changelist_view(request, {**title, **(extra_context or {})})

    @admin.display(description=_("job"))
    def job_link(self, row: BenchmarkRun | ImageDataset) -> SafeString | str:
        """The job that made or makes the row."""
        if row.job is None:
            return self.empty_value_display
        url = reverse("admin:core_job_change", args=[row.job.pk])
        return format_html('<a href="{}">{} {}</a>', url, kind_label(row.job.kind), row.job.pk)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def page(self, view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        """A view of a form, behind the admin's sign-in, for those who manage benchmarks."""
        return self.admin_site.admin_view(require_http_methods(["GET", "HEAD", "POST"])(_guarded(view)))

    def button(self, act: Callable[..., str], back: str) -> Callable[..., HttpResponse]:
        """A POST-only view; ``act`` returns where to go, or refuses with a sentence, shown on the page ``back``."""

        def on_press(request: HttpRequest, **arguments: int) -> HttpResponse:
            try:
                return HttpResponseRedirect(act(request, **arguments))
            except ApplicationError as error:
                messages.error(request, str(error))
                return HttpResponseRedirect(reverse(f"admin:{back}", args=list(arguments.values())))

        return self.admin_site.admin_view(require_POST(_guarded(on_press)))

    def show_form(self, request: HttpRequest, template: str, form: Form, title: str, **more: object) -> HttpResponse:
        """The page of a form, 422 when it came back with errors."""
        context = {**self.admin_site.each_context(request), "opts": self.opts, "form": form, "title": title, **more}
        return TemplateResponse(request, template, context, status=422 if form.errors else 200)


def tell(form: Form, error: ApplicationError) -> None:
    """The service's refusal, at the field it names if the form has it."""
    form.add_error(error.field if error.field in form.fields else None, str(error))


def _guarded(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    def for_managers(request: HttpRequest, **arguments: int) -> HttpResponse:
        if not (isinstance(request.user, User) and request.user.can(Permission.MANAGE_BENCHMARKS)):
            return HttpResponse(status=403)
        return view(request, **arguments)

    return for_managers
