"""New files of clients, typed or uploaded, and changes to a file that two people may make at once."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from credit.access import Reading, client_or_404, record_reading
from credit.forms import ClientFileForm, ClientUploadForm
from credit.forms.client_file import values_for_form
from credit.models import Client
from credit.models.client import PERSON
from credit.presenters.completeness import present_completeness
from credit.selectors.clients import raw_application
from credit.services.clients import NewClient, create_clients, edit_client
from credit.services.uploads import RefusedUploadError, create_from_upload
from pretadepenser.core.errors import ApplicationError, ConflictError
from pretadepenser.core.once import once
from pretadepenser.core.permissions import SignedInRequest, actor_of, requires
from pretadepenser.core.refusals import refusal_in_form
from pretadepenser.core.roles import Permission


@requires(Permission.EDIT_CLIENTS)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def new_client(request: SignedInRequest) -> HttpResponse:
    form = ClientFileForm(request.POST or None)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        entry = NewClient(form.application(), {name: form.cleaned_data[name] for name in PERSON})
        try:
            client = create_clients(entries=[entry], by=actor_of(request))[0]
        except ApplicationError as error:
            status = refusal_in_form(form, error)
        else:
            messages.success(request, _("File created: no. %(number)d.") % {"number": client.pk})
            return redirect("credit:client_file", client_id=client.pk)
    return _new_page(request, form, ClientUploadForm(), status=status)


@requires(Permission.EDIT_CLIENTS)
@require_POST
@once
def upload_clients(request: SignedInRequest) -> HttpResponse:
    form = ClientUploadForm(request.POST, request.FILES)
    sentences: tuple[str, ...] = ()
    if form.is_valid():
        try:
            clients = create_from_upload(content=form.content(), by=actor_of(request))
        except ApplicationError as error:
            sentences = error.sentences if isinstance(error, RefusedUploadError) else ()
            refusal_in_form(form, error)
        else:
            count = len(clients)
            text = ngettext("%(count)d file was added.", "%(count)d files were added.", count) % {"count": count}
            messages.success(request, text)
            if count == 1:
                return redirect("credit:client_file", clients[0].pk)
            return redirect(f"{reverse('credit:client_list')}?sort=-id")  # numbers rise: the new files come first
    return _new_page(request, ClientFileForm(), form, sentences, status=422)


@requires(Permission.EDIT_CLIENTS)
@require_POST
def completeness(request: SignedInRequest) -> HttpResponse:
    """A fragment that says how many of the main inputs are typed so far; nothing is saved."""
    form = ClientFileForm(request.POST)
    form.full_clean()
    view = present_completeness(form.known_application())
    return render(request, "credit/_completeness.html", {"completeness": view})


@requires(Permission.EDIT_CLIENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SignedInRequest, client_id: int) -> HttpResponse:
    client = client_or_404(request, client_id)
    form = ClientFileForm(request.POST or None, initial=_stored_values(client))
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            return _saved(request, client, form)
        except ApplicationError as error:
            if isinstance(error, ConflictError):
                form = form.on_top_of(_stored_values(client))
            status = refusal_in_form(form, error)
    record_reading(request, client, Reading.EDITING)
    application = form.known_application() if form.is_bound else raw_application(client)
    context = {"client": client, "form": form, "completeness": present_completeness(application)}
    return render(request, "credit/client_form_edit.html", context, status=status)


def _saved(request: SignedInRequest, client: Client, form: ClientFileForm) -> HttpResponse:
    changed = edit_client(
        client=client,
        version=form.cleaned_data["version"] or 0,
        application=form.changed_application(),
        person=form.changed_person(),
        by=actor_of(request),
    )
    if changed.version == client.version:
        messages.info(request, _("Nothing was changed."))
    else:
        messages.success(request, _("The change is saved: this is version %(number)d.") % {"number": changed.version})
    return redirect("credit:client_file", client_id=client.pk)


def _stored_values(client: Client) -> Mapping[str, object]:
    """What the form of a file shows first."""
    person = {name: getattr(client, name) for name in PERSON}
    return values_for_form(raw_application(client), person | {"version": client.version})


def _new_page(
    request: SignedInRequest,
    form: ClientFileForm,
    upload_form: ClientUploadForm,
    sentences: tuple[str, ...] = (),
    *,
    status: int,
) -> HttpResponse:
    view = present_completeness(form.known_application() if form.is_bound else {})
    context = {"form": form, "upload_form": upload_form, "sentences": sentences, "completeness": view}
    return render(request, "credit/client_form_new.html", context, status=status)
