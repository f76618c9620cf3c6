"""Client files that a person may read: the list and one file."""

from dataclasses import dataclass
from typing import Final

from django.contrib.postgres.search import SearchQuery
from django.db.models import F, FilteredRelation, Q, QuerySet

from credit.ml.decision import Decision
from credit.ml.names import fold_name
from credit.models import Client, ThresholdPolicy
from credit.models.client import NAME_VECTOR
from pretadepenser.core.models import User

PAGE_SIZE: Final = 25
#: Lists are counted and paged up to here: nobody reads further, and counting 356,255 rows costs more than the page.
COUNT_LIMIT: Final = 10_000
#: What a list can be sorted by, as fields of the query below.
SORTS: Final = {
    "id": ("id",),
    "name": ("sort_name", "id"),
    "amount": ("amount", "id"),
    "risk": ("score__probability", "score__client_id"),
}


@dataclass(frozen=True, slots=True)
class ClientListQuery:
    """What the person asked for; every field has a neutral default."""

    text: str = ""
    decision: Decision | None = None
    contract_type: str = ""
    agency_id: int | None = None
    has_outcome: bool | None = None
    sort: str = "name"
    is_descending: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True)
class ClientListPage:
    """One page of clients; each carries ``probability`` (None without a score of the active model)."""

    clients: list[Client]
    count: int
    is_count_capped: bool
    number: int
    pages: int


def clients_visible_to(user: User) -> QuerySet[Client]:
    """The clients of one's agency; of every agency for roles that see them all."""
    clients = Client.objects.select_related("agency")
    return clients if user.sees_every_agency else clients.filter(agency=user.agency)


def client_list(user: User, query: ClientListQuery, policy: ThresholdPolicy | None) -> ClientListPage:
    """One page of the clients that match; ``policy`` is that of the active model (None: there is no model)."""
    clients = _matching(user, query, policy)
    count = clients.order_by()[: COUNT_LIMIT + 1].count()
    pages = max(1, -(-min(count, COUNT_LIMIT) // PAGE_SIZE))
    number = min(max(query.page, 1), pages)
    start = (number - 1) * PAGE_SIZE
    ordered = clients.order_by(*_ordering(query, policy)).defer("application")
    return ClientListPage(
        clients=list(ordered[start : start + PAGE_SIZE]),
        count=min(count, COUNT_LIMIT),
        is_count_capped=count > COUNT_LIMIT,
        number=number,
        pages=pages,
    )


def _matching(user: User, query: ClientListQuery, policy: ThresholdPolicy | None) -> QuerySet[Client]:
    clients = clients_visible_to(user)
    if query.agency_id is not None:
        clients = clients.filter(agency_id=query.agency_id)
    if query.contract_type:
        clients = clients.filter(contract_type=query.contract_type)
    if query.has_outcome is not None:
        clients = clients.filter(target__isnull=not query.has_outcome)
    if query.text:
        clients = clients.alias(names=NAME_VECTOR).filter(_text_condition(query.text))
    if policy is not None:
        clients = clients.alias(
            score=FilteredRelation("scores", condition=Q(scores__model_version=policy.model_version_id))
        ).annotate(probability=F("score__probability"))
        if query.decision is not None:
            clients = clients.filter(_decision_condition(query.decision, policy))
        elif query.sort == "risk":
            clients = clients.filter(probability__isnull=False)  # an inner join, which the score's index can order
    return clients


def _text_condition(text: str) -> Q:
    """A number is a client's number; words are beginnings of the first or last name, in any order."""
    if text.isdecimal():
        number = int(text)
        return Q(pk=number) if number < 2**63 else Q(pk__in=[])
    words = fold_name(text).split()
    if not words:
        return Q(pk__in=[])
    prefixes = " & ".join(f"'{word}':*" for word in words)
    return Q(names=SearchQuery(prefixes, search_type="raw", config="simple"))


def _decision_condition(decision: Decision, policy: ThresholdPolicy) -> Q:
    """The rule of ``credit.ml.decision.decide``, as SQL; a test holds the two together."""
    match decision:
        case Decision.GRANTED:
            return Q(probability__lt=policy.grey_low)
        case Decision.REVIEW:
            return Q(probability__gte=policy.grey_low, probability__lt=policy.grey_high)
        case Decision.REFUSED:
            return Q(probability__gte=policy.grey_high)


def _ordering(query: ClientListQuery, policy: ThresholdPolicy | None) -> list[str]:
    """Each order is that of an index, the client's number last, so that a page is read and not sorted."""
    fields = SORTS[query.sort] if query.sort in SORTS and (query.sort != "risk" or policy) else SORTS["name"]
    return [f"-{field}" if query.is_descending else field for field in fields]
