"""One person's rights: what is held, a copy of it, its erasure."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from credit.access import Reading, client_or_404, record_reading
from credit.forms.person import ErasureForm
from credit.models import Client
from credit.presenters.person import present_person
from credit.selectors.persons import is_retained
from credit.services import persons
from pretadepenser.core.errors import ApplicationError
from pretadepenser.core.permissions import SignedInRequest, actor_of, requires
from pretadepenser.core.refusals import refusal_in_form
from pretadepenser.core.roles import Permission


@requires(Permission.EXPORT_PERSON)
@require_safe
def person(request: SignedInRequest, client_id: int) -> HttpResponse:
    client = client_or_404(request, client_id)
    return _page(request, client, ErasureForm(is_retained=is_retained(client)))


@requires(Permission.EXPORT_PERSON)
@require_safe
def person_export(request: SignedInRequest, client_id: int) -> HttpResponseBase:
    client = client_or_404(request, client_id)
    pieces = persons.export_person(client=client, by=actor_of(request))
    headers = {"Content-Disposition": f'attachment; filename="client-{client.pk}.json"', "Cache-Control": "no-store"}
    return StreamingHttpResponse(pieces, content_type="application/json", headers=headers)


@requires(Permission.ERASE_PERSON)
@require_POST
def person_erase(request: SignedInRequest, client_id: int) -> HttpResponse:
    client = client_or_404(request, client_id)
    form = ErasureForm(request.POST, is_retained=is_retained(client))
    if not form.is_valid():
        return _page(request, client, form, status=422)
    ground = persons.Ground(form.cleaned_data.pop("ground"))
    try:
        persons.erase_person(client=client, ground=ground, by=actor_of(request), **form.cleaned_data)
    except ApplicationError as error:
        return _page(request, client, form, status=refusal_in_form(form, error))
    messages.success(request, _("The data of client %(number)d are erased.") % {"number": client_id})
    return redirect("credit:client_list")


def _page(request: SignedInRequest, client: Client, form: ErasureForm, *, status: int = 200) -> HttpResponse:
    record_reading(request, client, Reading.PERSON)
    context = {
        "client": client,
        "view": present_person(client),
        "form": form,
        "may_erase": request.user.can(Permission.ERASE_PERSON),
    }
    return render(request, "credit/person.html", context, status=status)
