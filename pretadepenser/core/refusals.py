"""How a page shows that a service or a form refused something."""

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
    """Shows the sentence of an ApplicationError on the next page; the block ends there."""
    try:
        yield
    except ApplicationError as error:
        messages.error(request, str(error))


def refusal_in_form(form: forms.BaseForm, error: ApplicationError) -> HTTPStatus:
    """Adds the sentence to the field at fault, or above the fields; the status of the page that shows the form."""
    form.add_error(error.field if error.field in form.fields else None, str(error))
    return HTTPStatus.CONFLICT if isinstance(error, ConflictError) else HTTPStatus.UNPROCESSABLE_ENTITY


def require_valid(form: forms.BaseForm) -> None:
    """Raises ApplicationError with everything that is wrong in a small form, its fields named."""
    if form.is_valid():
        return
    faults = [(form.fields[name].label, error) for name, errors in form.errors.items() for error in errors]
    raise ApplicationError(
        " ".join(_("%(label)s: %(value)s") % {"label": label, "value": error} for label, error in faults)
    )
