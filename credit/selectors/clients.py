"""Client files that a person may read: the list and one file."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import Final, cast

from django.contrib.postgres.search import SearchQuery
from django.core.paginator import Page
from django.db.models import F, FilteredRelation, Model, OrderBy, Q, QuerySet
from django.db.models.functions import Coalesce

from credit.job_kinds import EXPLAIN_CLIENT
from credit.ml.advice import Advice
from credit.ml.application import RawValue, decode_one
from credit.ml.names import fold_name
from credit.ml.reasons import Reason
from credit.models import Client, ModelVersion, ThresholdPolicy
from credit.models.client import NAME_VECTOR
from credit.selectors.advice import has_advice
from credit.selectors.decisions import shown_decision
from credit.selectors.model_versions import ClientExplanation, explanation_of, score_of
from credit.selectors.policies import active_policy
from pretadepenser.core.models import Job, User
from pretadepenser.core.paging import CappedPaginator

PAGE_SIZE: Final = 25
#: What a list can be sorted by, as fields of the query below.
SORTS: Final = {
    "id": ("id",),
    "name": ("sort_name", "id"),
    "amount": ("amount", "id"),
    "risk": ("score__probability", "score__client_id"),
}


@dataclass(frozen=True, slots=True)
class ClientListQuery:
    """Search, filters, order and page; every field has a neutral default."""

    text: str = ""
    advice: Advice | None = None
    contract_type: str = ""
    agency_id: int | None = None
    has_outcome: bool | None = None
    sort: str = "name"
    is_descending: bool = False
    page: int = 1
    page_size: int = PAGE_SIZE


@dataclass(frozen=True, slots=True)
class ClientFile:
    """A client, the raw application, and the score and its explanation by the active model, each None if not there."""

    client: Client
    application: Mapping[str, RawValue]
    policy: ThresholdPolicy | None
    probability: float | None
    explanation: ClientExplanation | None

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Every reason for the score, strongest first; none until it is explained."""
        if self.explanation is None or self.policy is None:
            return ()
        return self.explanation.reasons(self.policy.model_version.feature_set.population, self.application)


def clients_visible_to(user: User) -> QuerySet[Client]:
    """The clients of one's agency; of every agency for roles that see them all."""
    clients = Client.objects.select_related("agency")
    return clients if user.sees_every_agency else clients.filter(agency=user.agency)


def client_file(user: User, client_id: int) -> ClientFile | None:
    """One client's file with what the active model says of it; None when it is not the person's to read."""
    client = clients_visible_to(user).annotate(decided=shown_decision()).filter(pk=client_id).first()
    if client is None:
        return None
    policy = active_policy()
    explanation = explanation_of(client, policy.model_version) if policy else None
    score = score_of(client, policy.model_version) if policy and not explanation else None
    probability = explanation.probability if explanation else score.probability if score else None
    return ClientFile(client, raw_application(client), policy, probability, explanation)


def explanation_job(client: Client, model_version: ModelVersion) -> Job | None:
    """The last job to explain this client alone, requested by anyone."""
    same = Job.objects.filter(kind=EXPLAIN_CLIENT.name, dedupe_key=f"{model_version.pk}/{client.pk}")
    return same.order_by("-pk").first()


def raw_application(client: Client) -> Mapping[str, RawValue]:
    """The application as it was made, by Kaggle's column names; None for a blank."""
    return decode_one(client.vector, client.pk)


def columns_changed_since(client: Client, version: int) -> tuple[str, ...]:
    """The columns of the application that differ from those of an earlier version of the file."""
    earlier = client.past_versions.filter(version=version).first()
    if earlier is None:
        return ()
    before, now = decode_one(earlier.vector, client.pk), raw_application(client)
    return tuple(name for name in before if before[name] != now[name])


def client_list(user: User, query: ClientListQuery, policy: ThresholdPolicy | None) -> Page[Model]:
    """One page of the clients that match, each with its ``probability`` and what a person ``decided``, None without.

    ``policy`` is that of the active model; None when there is no model yet. The numbers of the page are found first,
    in indexes alone; only its rows are then read and joined.
    """
    words = fold_name(query.text).split()
    is_everywhere = bool(words) and all(len(word) == 1 for word in words)  # nearly every page of the index has some
    found = _matching(user, query, policy, along_names=is_everywhere)
    paginator = CappedPaginator(found.order_by(*_ordering(query, policy)), query.page_size)
    if query.text and not is_everywhere and not paginator.is_capped:
        # Few names match: PostgreSQL would look for them all along the index of the order.
        paginator.object_list = found.order_by(*_ordering(query, policy, is_sorted=True))
    elif query.text and _ordering_fields(query, policy) == SORTS["name"]:
        # Many match: they are looked for along the index of the names, by a condition that is quick to check there.
        paginator.object_list = _matching(user, query, policy, along_names=True).order_by(*_ordering(query, policy))
    page = paginator.get_page(query.page)
    rows = _with_scores(Client.objects.select_related("agency").defer("application"), policy)
    rows = rows.annotate(decided=shown_decision()).filter(pk__in=cast("QuerySet[Client]", page.object_list))
    page.object_list = rows.order_by(*_ordering(query, policy))
    return page


def _matching(
    user: User, query: ClientListQuery, policy: ThresholdPolicy | None, *, along_names: bool = False
) -> QuerySet[Client]:
    clients = _with_scores(Client.objects.all(), policy)
    # Few names match: PostgreSQL would also look up all clients of the agency, who are many, and compare the two.
    agency = Coalesce("agency_id", "agency_id") if query.text and not along_names else F("agency_id")
    if not user.sees_every_agency:
        clients = clients.alias(own=agency).filter(own=user.agency_id)
    if query.agency_id is not None:
        clients = clients.alias(chosen=agency).filter(chosen=query.agency_id)
    if query.contract_type:
        clients = clients.filter(contract_type=query.contract_type)
    if query.has_outcome is not None:
        clients = clients.filter(target__isnull=not query.has_outcome)
    if query.text:
        is_name = along_names and not query.text.isdecimal()
        condition = _text_condition_along_names(query.text) if is_name else _text_condition(query.text)
        clients = clients.alias(names=NAME_VECTOR).filter(condition)
    if policy is not None:
        if query.advice is not None:
            clients = clients.filter(has_advice(query.advice, policy.zone))
        elif query.sort == "risk":
            clients = clients.filter(Q(probability__isnull=False))  # an inner join, which the score's index can order
    return clients


def _with_scores(clients: QuerySet[Client], policy: ThresholdPolicy | None) -> QuerySet[Client]:
    if policy is None:
        return clients
    ours = FilteredRelation("scores", condition=Q(scores__model_version=policy.model_version_id))
    return clients.alias(score=ours).annotate(probability=F("score__probability"))


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


def _text_condition_along_names(text: str) -> Q:
    """The words of ``_text_condition``, asked of the folded name itself; a test holds the two together."""
    words = fold_name(text).split()
    beginnings = (Q(sort_name__startswith=word) | Q(sort_name__contains=f" {word}") for word in words)
    return reduce(and_, beginnings, Q())


def _ordering(query: ClientListQuery, policy: ThresholdPolicy | None, *, is_sorted: bool = False) -> list[OrderBy]:
    """Each order is that of an index, the client's number last, so that a page is read along it.

    With ``is_sorted`` it is the same order as expressions that no index has: what was found is sorted.
    """
    names = _ordering_fields(query, policy)
    fields = [Coalesce(name, name) if is_sorted else F(name) for name in names]
    return [OrderBy(field, descending=query.is_descending) for field in fields]


def _ordering_fields(query: ClientListQuery, policy: ThresholdPolicy | None) -> tuple[str, ...]:
    return SORTS[query.sort] if query.sort in SORTS and (query.sort != "risk" or policy) else SORTS["name"]
