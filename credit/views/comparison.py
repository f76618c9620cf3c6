"""One client among others, and the column store that holds them."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from credit.access import Reading, client_or_404, record_reading
from credit.presenters.comparison.page import present_comparison, read_question
from credit.selectors.peers import comparable
from credit.selectors.population_stores import population_store_job
from credit.services.population import request_population_store
from pretadepenser.core.permissions import SignedInRequest, actor_of, requires
from pretadepenser.core.roles import Permission


@requires(Permission.COMPARE)
@require_safe
def compare(request: SignedInRequest, client_id: int) -> HttpResponse:
    client = client_or_404(request, client_id)
    compared = comparable(client)
    context: dict[str, object] = {"client": client, "compared": compared}
    if compared.population is None:
        context |= {"job": population_store_job(), "may_build": request.user.can(Permission.MANAGE_JOBS)}
        return render(request, "credit/compare.html", context)
    question = read_question(request.GET, compared, compared.population)
    page = present_comparison(request.user, compared, compared.population, question)
    nearest = {"nearest": page.named_clients} if page.named_clients else {}
    record_reading(request, client, Reading.COMPARISON, **question.parameters, **nearest)
    return render(request, "credit/compare.html", context | {"page": page})


@requires(Permission.MANAGE_JOBS)
@require_POST
def build_population_store(request: SignedInRequest) -> HttpResponse:
    job = request_population_store(by=actor_of(request))
    return redirect("core:job_detail", job_id=job.pk)
