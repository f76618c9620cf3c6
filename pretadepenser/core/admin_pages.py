"""The pages of the admin that we add: rows that only services write, with forms and buttons that call services."""

import json
from collections.abc import Callable

from django.contrib import admin, messages
from django.db.models import Model
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from pretadepenser.core.errors import ApplicationError
from pretadepenser.core.jobs import kind_label
from pretadepenser.core.models import Job
from pretadepenser.core.permissions import SignedInRequest, requires
from pretadepenser.core.roles import Permission

View = Callable[..., HttpResponseBase]


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows that only services and jobs write; ``permission`` guards the forms and buttons."""

    permission: Permission
    empty_value_display = "–"
    change_form_template = "admin/row.html"

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:
        """The list under its name; Django's own title asks to select a row to view."""
        title = {"title": capfirst(self.opts.verbose_name_plural)}
        return super().changelist_view(request, {**title, **(extra_context or {})})

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, object] | None = None,
    ) -> HttpResponse:
        """The page of a row, titled by its kind and its name."""
        row = self.get_object(request, object_id or "")
        titles = {"title": capfirst(self.opts.verbose_name), "subtitle": self.name_of(row)} if row else {}
        return super().changeform_view(request, object_id, form_url, {**titles, **(extra_context or {})})

    def name_of(self, row: Model) -> str:
        return str(row)

    @admin.display(description=_("job"))
    def job_link(self, row: Model) -> SafeString | str:
        """The job that made or makes the row, for models with a ``job``."""
        job: Job | None = getattr(row, "job", None)
        return admin_link(job, job_name(job) if job else "")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def form_view(self, view: View) -> View:
        """A view of a form, for users with ``permission``; it ends with ``answer_form``."""
        guarded = requires(self.permission)(view)
        return self.admin_site.admin_view(require_http_methods(["GET", "HEAD", "POST"])(guarded))

    def answer_form(
        self,
        request: HttpRequest,
        form: Form,
        act: Callable[[], str],
        *,
        title: str,
        explanation: str,
        button: str,
        original: Model | None = None,
    ) -> HttpResponse:
        """Redirects to the address that ``act`` returns for a valid form; else shows the form, 422 with errors.

        A refusal, ApplicationError, is shown at the field that it names. ``original`` is the row of the form, if any.
        """
        if form.is_valid():
            try:
                return HttpResponseRedirect(act())
            except ApplicationError as error:
                form.add_error(error.field if error.field in form.fields else None, str(error))
        words = {"title": title, "explanation": explanation, "button": button}
        context = {**self.admin_site.each_context(request), "opts": self.opts, "form": form, "original": original}
        status = 422 if form.errors else 200
        return TemplateResponse(request, "admin/form.html", {**context, **words}, status=status)

    def button_view(self, act: Callable[..., str]) -> View:
        """A POST-only view for users with ``permission``; ``act`` returns the address to go to.

        A refusal, ApplicationError, is shown on the page of the row or, for a button of the list, on the list.
        """

        @require_POST
        @requires(self.permission)
        def press(request: SignedInRequest, /, **arguments: int) -> HttpResponseBase:
            try:
                return HttpResponseRedirect(act(request, **arguments))
            except ApplicationError as error:
                messages.error(request, str(error))
            page = f"admin:{self.opts.app_label}_{self.opts.model_name}_{'change' if arguments else 'changelist'}"
            return HttpResponseRedirect(reverse(page, args=list(arguments.values())))

        return self.admin_site.admin_view(press)


def job_name(job: Job) -> str:
    """« Import d'images 12 »."""
    return f"{kind_label(job.kind)} {job.pk}"


def posted(request: HttpRequest) -> QueryDict | None:
    """The data to bind a form to: None leaves it unbound on a GET request."""
    return request.POST if request.method == "POST" else None


def admin_url(row: Model) -> str:
    """The page of a row in the admin."""
    return reverse(f"admin:{row._meta.label_lower.replace('.', '_')}_change", args=[row.pk])


def admin_link(row: Model | None, label: str = "") -> SafeString | str:
    """A link to the page of a row, under its name unless a label is given; a dash for None."""
    return format_html('<a href="{}">{}</a>', admin_url(row), label or row) if row else "–"


def json_block(content: object) -> SafeString | str:
    """The content as indented JSON; a dash for an empty one."""
    return format_html("<pre>{}</pre>", json.dumps(content, indent=2, ensure_ascii=False)) if content else "–"
