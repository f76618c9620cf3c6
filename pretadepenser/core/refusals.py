"""Shows on a page what a service or a form refused."""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from pretadepenser.core.errors import ApplicationError, ConflictError


@contextmanager
def refusal_as_message(request: HttpRequest) -> Iterator[None]:
    """Shows the sentence of an ApplicationError on the next page; the rest of the block is skipped."""
    try:
        yield
    except ApplicationError as error:
        messages.error(request, str(error))


def refusal_in_form(form: forms.BaseForm, error: ApplicationError) -> HTTPStatus:
    """Adds each sentence to the invalid field, or above the fields; returns the status of the page."""
    for refusal in (error, *error.others):
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    return HTTPStatus.CONFLICT if isinstance(error, ConflictError) else HTTPStatus.UNPROCESSABLE_ENTITY


def require_valid(form: forms.BaseForm) -> None:
    """Raises ApplicationError with all errors of a small form, each after the name of its field."""
    if form.is_valid():
        return
    faults = [(form.fields[name].label, error) for name, errors in form.errors.items() for error in errors]
    raise ApplicationError(
        " ".join(_("%(label)s: %(value)s") % {"label": label, "value": error} for label, error in faults)
    )
