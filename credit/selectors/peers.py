"""One client among others: whom it is compared with, and what is known of them together."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from django.conf import settings
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from credit.ml.advice import Advice, Zone
from credit.ml.columns import CATEGORIES
from credit.ml.metrics import wilson_interval
from credit.ml.store import BLANK, NEAREST_BY, SCORE, Cohort, Store, variable_values
from credit.models import Client, ClientFeatures, FeatureSet, ThresholdPolicy
from credit.selectors.clients import clients_visible_to
from credit.selectors.features import client_features
from credit.selectors.model_versions import score_of
from credit.selectors.peer_filters import FILTERS, NEAR, NEAR_FILTERS, TOLERANCES, PeerFilters
from credit.selectors.policies import active_policy
from credit.selectors.population_stores import Population, current_population
from pretadepenser.core.errors import ApplicationError
from pretadepenser.core.models import User

NEAREST: Final = 20
#: Among how many nearest clients of the population those that the reader may see are looked for.
_WIDENING: Final = (NEAREST, 16 * NEAREST, 256 * NEAREST)
#: A group of similar clients is widened until its default rate says something.
WANTED_PEERS: Final = 100


@dataclass(frozen=True, slots=True)
class Comparable:
    """A client with the values that can be compared (NaN: blank, categories as codes), and the population if known."""

    client: Client
    policy: ThresholdPolicy | None
    probability: float | None
    values: Mapping[str, float]
    population: Population | None


@dataclass(frozen=True, slots=True)
class DefaultRate:
    """Of ``known`` outcomes the share that had payment difficulties, with its 95 % interval; None below the minimum."""

    known: int
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A client like this one."""

    client: Client
    distance: float
    defaulted: bool | None
    probability: float | None


def comparable(client: Client) -> Comparable:
    """The client with what a comparison reads."""
    policy = active_policy()
    score = score_of(client, policy.model_version) if policy else None
    probability = score.probability if score else None
    return Comparable(client, policy, probability, _own_values(client, probability), current_population(policy))


def offered_variables(population: Population) -> tuple[str, ...]:
    """What can be looked at: the probability only where a score may be shown."""
    return tuple(name for name in population.store.variables if name != SCORE or population.policy)


def is_too_small(cohort: Cohort) -> bool:
    """Whether so few clients meet the filters that an aggregate would tell about single ones."""
    return cohort.size < settings.MINIMUM_COHORT


def too_small_sentence() -> str:
    """Why a small cohort is not shown."""
    return _(
        "Fewer than %(count)d clients meet these filters: figures about so few could identify individuals. "
        "Remove a filter or widen it."
    ) % {"count": settings.MINIMUM_COHORT}


def refuse_small(cohort: Cohort) -> None:
    """Raises ApplicationError for a cohort that is too small."""
    if is_too_small(cohort):
        raise ApplicationError(too_small_sentence(), code="cohort_too_small")


def default_rate(cohort: Cohort) -> DefaultRate | None:
    """The rate among the clients whose outcome is known; None where these are fewer than the minimum."""
    known, defaulted = cohort.outcomes.known, cohort.outcomes.defaulted
    if known < settings.MINIMUM_COHORT:
        return None
    rate = defaulted / known
    low, high = wilson_interval(np.array([rate]), np.array([known]))
    return DefaultRate(known, rate, float(low[0]), float(high[0]))


def similar_filters(compared: Comparable) -> PeerFilters:
    """The preset: the same kind of contract, age, income and amount near; as narrow as leaves enough clients."""
    chosen = {name: NEAR for name in NEAR_FILTERS if not math.isnan(compared.values[FILTERS[name].variable])}
    contract = compared.values["NAME_CONTRACT_TYPE"]
    if not math.isnan(contract):
        chosen["contract"] = CATEGORIES["NAME_CONTRACT_TYPE"][int(contract)]
    filters = PeerFilters(chosen)
    for tolerance in TOLERANCES:
        filters = PeerFilters(chosen, tolerance)
        if compared.population is None:
            break
        if compared.population.store.cohort(filters.conditions(compared.values)).size >= WANTED_PEERS:
            break
    return filters


def advice_counts(population: Population, cohort: Cohort, name: str) -> dict[Advice, NDArray[np.int64]] | None:
    """For each advice, how many clients have each code of a variable, (255,); None where no score may be shown."""
    if population.policy is None:
        return None
    counts = cohort.joint_counts(_advice_codes(population.store, population.policy.zone), name)
    return {advice: counts[advice.code] for advice in Advice}


def nearest_clients(user: User, compared: Comparable, population: Population, cohort: Cohort) -> tuple[Neighbour, ...]:
    """The clients of the cohort that are most like this one, by their ranks in the whole population.

    Only clients whose file the reader may open: even without a name, known values would identify a person and reveal
    the outcome.
    """
    store = population.store
    point = np.array([_place(store, name, compared.values[name]) for name in NEAREST_BY])
    own_row = int(np.searchsorted(store.clients, compared.client.pk))
    is_there = own_row < store.rows and store.clients[own_row] == compared.client.pk
    for count in _WIDENING:
        found = cohort.nearest(point, count, besides=own_row if is_there else None)
        ids = store.clients[found.rows].tolist()
        visible = set(clients_visible_to(user).filter(pk__in=ids).values_list("pk", flat=True))
        if len(visible) >= NEAREST or len(ids) < count:
            break
    places = [place for place, client_id in enumerate(ids) if client_id in visible][:NEAREST]
    clients = Client.objects.only("first_name", "last_name").in_bulk([ids[place] for place in places])
    return tuple(
        Neighbour(
            client=clients[ids[place]],
            distance=float(found.distances[place]),
            defaulted=None if store.outcomes[row] < 0 else bool(store.outcomes[row]),
            probability=_known(float(store.probabilities[row])) if population.policy else None,
        )
        for place, row in zip(places, found.rows[places], strict=True)
    )


def _own_values(client: Client, probability: float | None) -> Mapping[str, float]:
    raw = client.vector[np.newaxis]
    feature_set = FeatureSet.objects.filter(source=FeatureSet.Source.BUILT).defer("population").first()
    columns, features = (), None
    if feature_set is not None:
        try:
            columns, features = tuple(feature_set.columns), client_features(feature_set, client.pk)[None]
        except ClientFeatures.DoesNotExist:
            pass  # a file without side tables: what comes from them is blank
    scores = np.array([math.nan if probability is None else probability])
    return {name: float(value[0]) for name, value in variable_values(raw, features, columns, scores).items()}


def _place(store: Store, name: str, value: float) -> float:
    """The rank of a value among all clients, 0 to 1, as in the store; a blank is in the middle."""
    return 0.5 if math.isnan(value) else store.everyone.rank(name, value).share


@lru_cache(maxsize=1)
def _advice_codes(store: Store, zone: Zone) -> NDArray[np.uint8]:
    """``Advice.code`` of every client, BLANK without a score.  # (N,)"""
    codes = zone.advice_codes(store.probabilities)
    return np.where(codes < 0, BLANK, codes).astype(np.uint8)


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value
