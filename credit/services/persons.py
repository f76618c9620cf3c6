"""One person's data: exported, or erased everywhere but in the journal."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from credit.models import Client, OutOfFold
from credit.selectors.persons import is_retained, person_sections
from credit.services.population import request_population_store
from pretadepenser.core.audit import record
from pretadepenser.core.errors import ApplicationError, ConflictError
from pretadepenser.core.models import Actor, IdempotencyKey


class Ground(models.TextChoices):
    """Why a person's data are erased: a fixed word, because the journal keeps it and must name nobody."""

    REQUEST = "request", gettext_lazy("The person asks for it")
    MISTAKE = "mistake", gettext_lazy("The file was made by mistake")
    AUTHORITY = "authority", gettext_lazy("An authority orders it")
    PERIOD_OVER = "period_over", gettext_lazy("The retention period is over")


def export_person(*, client: Client, by: Actor) -> Iterator[str]:
    """A JSON document of all the data held about the person, in pieces; the journal records the export first.

    Iterating reads the database: memory holds one section, never the whole.
    """
    record("client.exported", by=by, target=client)
    return _document(client, get_language())


@transaction.atomic
def erase_person(
    *,
    client: Client,
    confirmation: str,
    ground: Ground,
    is_forced: bool = False,
    by: Actor,
) -> None:
    """Erases one person permanently. ``confirmation`` is the client's number, typed by the user.

    Raises ApplicationError for another number; ConflictError while the last decision must be kept by law, unless
    ``is_forced``, for a wrong file or an order that cannot wait.
    """
    if confirmation.strip() != str(client.pk):
        sentence = _("Type the client's number, %(number)s, to confirm.") % {"number": client.pk}
        raise ApplicationError(sentence, field="confirmation", code="not_confirmed")
    if is_retained(client) and not is_forced:
        sentence = _("The decision on this file must still be kept: its retention period is not over.")
        raise ConflictError(sentence, field="is_forced", code="retained")
    erase_persons(client_ids=[client.pk], ground=ground, is_forced=is_forced, by=by)
    request_population_store(by=by)


@transaction.atomic
def erase_persons(
    *,
    client_ids: Iterable[int],
    ground: Ground,
    is_forced: bool = False,
    by: Actor,
) -> int:
    """Removes every row about these clients, records each erasure, and returns how many clients there were.

    The journal keeps its events, which hold identifiers. The caller requests a new population store.
    """
    clients = list(Client.objects.select_related("agency").select_for_update(of=("self",)).filter(pk__in=client_ids))
    ids = [client.pk for client in clients]
    _forget_in_training(ids)
    _forget_answers(ids)
    for client in clients:
        detail = {"ground": ground.value, "forced": is_forced}
        record("client.erased", by=by, target=client, detail=detail)
    Client.objects.filter(pk__in=ids).delete()  # features, scores, decisions and all the rest go with them
    return len(ids)


def _forget_in_training(client_ids: list[int]) -> None:
    """Replaces the client's number in the training data of models by a unique negative one; the figures stay."""
    for stored in OutOfFold.objects.select_for_update():
        rows = stored.rows
        is_erased = np.isin(rows.client_ids, client_ids)
        if is_erased.any():
            nobody = -1 - np.arange(len(rows.client_ids))
            stored.rows = replace(rows, client_ids=np.where(is_erased, nobody, rows.client_ids))
            stored.save(update_fields=["client_ids"])


def _forget_answers(client_ids: list[int]) -> None:
    """Deletes answers of the API that are kept for a day for idempotency."""
    about = Q(response__id__in=client_ids) | Q(response__client__in=client_ids)
    IdempotencyKey.objects.filter(about | Q(response__client__id__in=client_ids)).delete()


def _document(client: Client, language: str) -> Iterator[str]:
    """The pieces are read after the response has begun: each is written in the language of the request."""
    yield f'{{\n"exported_at": {json.dumps(timezone.now().isoformat())}'
    for name, read in person_sections(client):
        with translation.override(language):
            section = json.dumps(read(), ensure_ascii=False, allow_nan=False)
        yield f",\n{json.dumps(name)}: {section}"
    yield "\n}\n"
