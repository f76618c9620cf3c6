"""One client among others, and the store that this is read from."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from credit.presenters.comparison.page import present_comparison, read_question
from credit.selectors.peers import comparable
from credit.selectors.population_stores import population_store_job
from credit.services.population import request_population_store
from pretadepenser.core.audit import record
from pretadepenser.core.permissions import SignedInRequest, actor_of, requires
from pretadepenser.core.roles import Permission


@requires(Permission.COMPARE)
@require_safe
def compare(request: SignedInRequest, client_id: int) -> HttpResponse:
    compared = comparable(request.user, client_id)
    if compared is None:
        raise Http404
    context: dict[str, object] = {"client": compared.client, "compared": compared}
    if compared.population is None:
        context |= {"job": population_store_job(), "may_build": request.user.can(Permission.MANAGE_JOBS)}
        return render(request, "credit/compare.html", context)
    question = read_question(request.GET, compared, compared.population)
    context["page"] = present_comparison(request.user, compared, compared.population, question)
    client = compared.client
    record("client.compared", by=actor_of(request), target=client, detail=question.parameters)
    return render(request, "credit/compare.html", context)


@requires(Permission.MANAGE_JOBS)
@require_POST
def build_population_store(request: SignedInRequest) -> HttpResponse:
    job = request_population_store(by=actor_of(request))
    return redirect("core:job_detail", job_id=job.pk)
