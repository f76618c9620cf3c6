"""Pages of the kernel: home, sign in and out, language, jobs, errors."""

import sys
from collections.abc import Callable

from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pretadepenser.core import jobs
from pretadepenser.core.api.errors import is_for_programs, problem_page
from pretadepenser.core.audit import record
from pretadepenser.core.error_pages import error_page, page_of_fault
from pretadepenser.core.htmx import reload_page
from pretadepenser.core.manifests import site_manifest
from pretadepenser.core.models import Actor
from pretadepenser.core.permissions import SignedInRequest, actor_of, requires
from pretadepenser.core.refusals import refusal_as_message
from pretadepenser.core.roles import Permission
from pretadepenser.core.selectors import jobs_visible_to
from pretadepenser.core.sign_in import SignInForm


@require_safe
def home(request: SignedInRequest) -> HttpResponse:
    """Redirects to the first page of the navigation that the user may open."""
    return redirect(next(page.url_name for page in site_manifest().navigation if request.user.can(page.permission)))


@login_not_required
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    form = SignInForm(request, data=request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = form.get_user()
        login(request, user)
        record("session.opened", by=Actor(user), target=user)
        return redirect(_safe_next(request))
    status = 422 if form.is_bound else 200
    return render(request, "core/sign_in.html", {"form": form, "next": _safe_next(request)}, status=status)


@login_not_required
@require_safe
def admin_sign_in(request: HttpRequest) -> HttpResponse:
    """Where the admin sends people: strangers sign in like everywhere, others lack the right to enter."""
    if request.user.is_authenticated:
        raise PermissionDenied
    return redirect_to_login(_safe_next(request))


@require_POST
def sign_out(request: SignedInRequest) -> HttpResponse:
    record("session.closed", by=actor_of(request), target=request.user)
    logout(request)
    return redirect("core:sign_in")


@requires(Permission.VIEW_JOBS)
@require_safe
def job_list(request: SignedInRequest) -> HttpResponse:
    return render(request, "core/job_list.html", {"jobs": jobs_visible_to(request.user)[:100]})


@requires(Permission.VIEW_JOBS)
@require_safe
def job_detail(request: SignedInRequest, job_id: int) -> HttpResponse:
    job = get_object_or_404(jobs_visible_to(request.user), pk=job_id)
    return render(request, "core/job_detail.html", {"job": job})


@requires(Permission.VIEW_JOBS)
@require_safe
def job_progress(request: SignedInRequest, job_id: int) -> HttpResponse:
    """The progress, a fragment that polls itself until the job has ended, then reloads the page."""
    job = get_object_or_404(jobs_visible_to(request.user), pk=job_id)
    response = render(request, "core/_job_progress.html", {"job": job})
    return reload_page(request, response) if job.is_finished else response


@requires(Permission.CANCEL_JOBS)
@require_POST
def job_cancel(request: SignedInRequest, job_id: int) -> HttpResponse:
    job = get_object_or_404(jobs_visible_to(request.user), pk=job_id)
    with refusal_as_message(request):
        jobs.cancel_job(job=job, by=actor_of(request))
    return redirect("core:job_detail", job_id=job.pk)


def language(set_language: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Django's view, reachable before signing in."""
    return login_not_required(require_POST(set_language))


def _safe_next(request: HttpRequest) -> str:
    """Where to go after signing in; an address of another site is ignored."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if is_ours else reverse("core:home")


@login_not_required
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 400)


@login_not_required
def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", status=403)


@login_not_required
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if is_for_programs(request):
        return problem_page(404, _("No endpoint has this address: see /api/v1/docs/."), code="not_found")
    return render(request, "404.html", status=404)


@login_not_required
def server_error(request: HttpRequest) -> HttpResponse:
    return page_of_fault(request, sys.exc_info()[1])
