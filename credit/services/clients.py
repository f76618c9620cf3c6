"""Client files that people create and change, one or several; every change makes a new version."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Final

import numpy as np
from django.db import IntegrityError, connection, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from credit.ml.application import RawValue
from credit.ml.columns import CATEGORIES
from credit.ml.inputs import POSITIONS, changed, completeness, to_code, to_vector
from credit.ml.names import LONGEST_NAME, sort_name
from credit.ml.simulation import Vector
from credit.models import Client, ClientVersion
from credit.models.client import LARGEST_CHARGES
from credit.services.client_features import replace_features, request_scores, store_new_features
from credit.services.inputs import explained_inputs
from pretadepenser.core.audit import record
from pretadepenser.core.errors import ApplicationError, ConflictError
from pretadepenser.core.models import Actor, Agency
from pretadepenser.core.plain_text import one_line

FIRST_NUMBER: Final = 100_001
#: New numbers follow the largest one below this. Imported ones beyond, of any size, do not push them away.
_ORDINARY: Final = 1_000_000_000
DAYS_PER_YEAR: Final = 365.25

Person = Mapping[str, str | float | None]


@dataclass(frozen=True, slots=True)
class NewClient:
    """An application by raw columns, blank where left out; ``person`` holds values of ``PERSON``."""

    application: Mapping[str, RawValue]
    person: Person = field(default_factory=dict)
    number: int | None = None  # None: the next free one
    target: int | None = None


@transaction.atomic
def create_clients(*, entries: Sequence[NewClient], by: Actor) -> list[Client]:
    """The new files, in the agency of ``by``; a job scores and explains those that are complete enough.

    Raises ApplicationError with the ``field`` at fault; then nothing is stored.
    """
    vectors = [_vector(entry.application) for entry in entries]
    clients = _insert(entries, vectors, by)
    complete = store_new_features(clients)
    for client in clients:
        detail = {"version": 1, "completeness": round(completeness(client.vector), 4)}
        record("client.created", by=by, target=client, detail=detail)
    request_scores(complete, by)
    return clients


@transaction.atomic
def edit_client(
    *,
    client: Client,
    version: int,
    application: Mapping[str, RawValue],
    person: Person,
    by: Actor,
) -> Client:
    """The file with new values in the columns that ``application`` and ``person`` name: a new version of it.

    ``version`` is the one that the person saw. Raises ConflictError when the file has changed since, and
    ApplicationError with the ``field`` at fault.
    """
    stored = Client.objects.select_for_update(no_key=True, of=("self",)).select_related("agency").get(pk=client.pk)
    if stored.version != version:
        sentence = _("Somebody else has changed this file: it is now at version %(version)d.")
        raise ConflictError(sentence % {"version": stored.version}, code="changed_meanwhile")
    before = stored.vector
    after = changed(before, {name: _code(name, value) for name, value in application.items()})
    names = [name for name in application if not _same(before[POSITIONS[name]], after[POSITIONS[name]])]
    other = [name for name, value in _checked_person(person).items() if getattr(stored, name) != value]
    if not names and not other:
        return stored
    ClientVersion.objects.create(client=stored, version=version, application=stored.application, replaced_by=by.user)
    _write(stored, after, person)
    stored.version += 1
    stored.save()
    is_readable = replace_features(stored) if names else False
    detail = {"version": stored.version, "changed": sorted([*names, *other])}
    record("client.changed", by=by, target=stored, detail=detail)
    if is_readable:
        request_scores([stored], by)
    return stored


def _insert(entries: Sequence[NewClient], vectors: Sequence[Vector], by: Actor) -> list[Client]:
    """The stored clients. A number that an import takes in the meantime is chosen again, or refused if requested."""
    while True:
        numbers = _numbers(entries)
        clients = [
            _new_client(entry, number, vector, by)
            for entry, number, vector in zip(entries, numbers, vectors, strict=True)
        ]
        try:
            with transaction.atomic():
                return Client.objects.bulk_create(clients)
        except IntegrityError:
            if not Client.objects.filter(pk__in=numbers).exists():
                raise


def _new_client(entry: NewClient, number: int, vector: Vector, by: Actor) -> Client:
    client = Client(pk=number, agency=_agency(by), target=entry.target, created_by=by.user)
    _write(client, vector, entry.person)
    return client


def _write(client: Client, vector: Vector, person: Person) -> None:
    """The stored vector, and the columns that repeat parts of it."""
    for name, value in _checked_person(person).items():
        setattr(client, name, value)
    client.sort_name = sort_name(client.first_name, client.last_name)
    contract, days = vector[POSITIONS["NAME_CONTRACT_TYPE"]], vector[POSITIONS["DAYS_BIRTH"]]
    client.contract_type = "" if np.isnan(contract) else CATEGORIES["NAME_CONTRACT_TYPE"][int(contract)]
    client.amount = _number(vector, "AMT_CREDIT")
    client.income = _number(vector, "AMT_INCOME_TOTAL")
    client.annuity = _number(vector, "AMT_ANNUITY")
    client.age_years = None if np.isnan(days) else int(-days // DAYS_PER_YEAR)
    client.vector = vector


def checked_charges(charges: object) -> float | None:
    """Monthly charges as they are stored, None where unknown; raises ApplicationError."""
    if charges is None or (isinstance(charges, int | float) and 0 <= charges <= LARGEST_CHARGES):
        return charges
    raise ApplicationError(_("Give charges of zero or more."), field="monthly_charges")


def _checked_person(person: Person) -> dict[str, str | float | None]:
    checked: dict[str, str | float | None] = {}
    for name, value in person.items():
        if name == "monthly_charges":
            checked[name] = checked_charges(value)
        else:
            text = one_line(str(value or ""))
            if len(text) > LONGEST_NAME:
                sentence = _("A name has at most %(count)d characters.") % {"count": LONGEST_NAME}
                raise ApplicationError(sentence, field=name)
            checked[name] = text
    return checked


def _numbers(entries: Sequence[NewClient]) -> list[int]:
    """The requested numbers, and the next free ones for files without; a lock keeps others from taking them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('credit_client numbers', 0))")
    requested = [entry.number for entry in entries if entry.number is not None]
    if taken := sorted(Client.objects.filter(pk__in=requested).values_list("pk", flat=True)[:5]):
        sentence = _("Files with these numbers exist already: %(numbers)s. Change those files instead.")
        raise ApplicationError(sentence % {"numbers": ", ".join(map(str, taken))}, field="SK_ID_CURR", code="taken")
    ordinary = Client.objects.filter(pk__lt=_ORDINARY)
    newest = ordinary.aggregate(newest=Max("pk"))["newest"] or 0
    start = max([newest, *(number for number in requested if number < _ORDINARY), FIRST_NUMBER - 1]) + 1
    others = set(requested)
    if start + len(entries) > _ORDINARY:
        others |= set(Client.objects.filter(pk__gte=start).values_list("pk", flat=True))
    free = (number for number in count(start) if number not in others)
    return [next(free) if entry.number is None else entry.number for entry in entries]


def _agency(by: Actor) -> Agency:
    agency = (by.user and by.user.agency) or Agency.objects.order_by("pk").first()
    if agency is None:
        raise ApplicationError(
            _("A file needs an agency, and none exists yet: ask an administrator to create one."),
            code="no_agency",
        )
    return agency


def _vector(application: Mapping[str, RawValue]) -> Vector:
    with explained_inputs():
        vector = to_vector(application)
    _check_amount(vector[POSITIONS["AMT_CREDIT"]])
    return vector


def _code(name: str, value: RawValue) -> float:
    with explained_inputs():
        code = to_code(name, value)
    if name == "AMT_CREDIT":
        _check_amount(code)
    return code


def _check_amount(code: float) -> None:
    if not code > 0:  # false for NaN, which is a blank
        sentence = _("Give the amount of the loan: more than zero.")
        raise ApplicationError(sentence, field="AMT_CREDIT", code="blank" if np.isnan(code) else "out_of_bounds")


def _number(vector: Vector, name: str) -> float | None:
    value = float(vector[POSITIONS[name]])
    return None if np.isnan(value) else value


def _same(before: float, after: float) -> bool:
    return before == after or (np.isnan(before) and np.isnan(after))
