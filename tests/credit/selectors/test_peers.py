"""Whom a client is compared with: filters, presets, cohorts, neighbours; and how many queries that takes."""

import math
from pathlib import Path

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from credit.ml.advice import Advice
from credit.ml.columns import CATEGORIES, PROTECTED
from credit.ml.store import Between, IsLevel
from credit.ml.store.writing import MANIFEST
from credit.models import Client
from credit.selectors.peer_filters import FILTERS, NEAR, LevelFilter, PeerFilters, choices, read_filters
from credit.selectors.peers import (
    NEAREST,
    advice_counts,
    comparable,
    default_rate,
    is_too_small,
    nearest_clients,
    offered_variables,
    similar_filters,
)
from credit.selectors.policies import active_policy
from credit.selectors.population_stores import stores_folder
from tests.builders.people import Cast
from tests.builders.populations import OWN, a_current_store, comparable_clients

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folders(settings, tmp_path: Path) -> None:
    settings.STATE_DIR = tmp_path


def test_no_filter_speaks_of_sex_nor_of_what_stands_for_it() -> None:
    assert not {each.variable for each in FILTERS.values()} & set(PROTECTED)
    assert "Maternity leave" not in choices("income_type", with_near=True)
    for name, filtered in FILTERS.items():
        if isinstance(filtered, LevelFilter):
            assert set(choices(name, with_near=True)) <= set(CATEGORIES[filtered.variable])


def test_filters_become_conditions_around_the_clients_own_values() -> None:
    values = {"DAYS_BIRTH": 40.0, "AMT_INCOME_TOTAL": 100_000.0, "AMT_CREDIT": math.nan, **_blank("NAME_FAMILY_STATUS")}
    values |= {each.variable: values.get(each.variable, math.nan) for each in FILTERS.values()}
    asked = {"age": NEAR, "income": NEAR, "tolerance": "narrow", "family": "Married", "region": "2"}
    filters, unknown = read_filters(asked, values)
    assert unknown == []
    assert filters.parameters == asked
    found = {each.name: each for each in filters.conditions(values)}
    assert found["NAME_FAMILY_STATUS"] == IsLevel(
        "NAME_FAMILY_STATUS", CATEGORIES["NAME_FAMILY_STATUS"].index("Married")
    )
    assert found["REGION_RATING_CLIENT"] == Between("REGION_RATING_CLIENT", 2, 3)
    assert (found["DAYS_BIRTH"].low, found["DAYS_BIRTH"].high) == pytest.approx((37, 43))
    assert (found["AMT_INCOME_TOTAL"].low, found["AMT_INCOME_TOTAL"].high) == pytest.approx((90_000, 110_000))
    assert found["AMT_INCOME_TOTAL"].holds_high


def _blank(name: str) -> dict[str, float]:
    return {name: math.nan}


@pytest.mark.parametrize(
    ("parameters", "wrong"),
    [
        ({"age": "99-12"}, "age"),
        ({"amount": NEAR}, "amount"),  # the client's own amount is blank
        ({"family": "CODE_GENDER"}, "family"),
        ({"income_type": "Maternity leave"}, "income_type"),
        ({"tolerance": "huge"}, "tolerance"),
    ],
)
def test_what_an_address_may_not_say_counts_as_left_empty(parameters: dict[str, str], wrong: str) -> None:
    values = {each.variable: math.nan for each in FILTERS.values()}
    filters, unknown = read_filters(parameters, values)
    assert unknown == [wrong]
    assert filters == PeerFilters({})


def test_the_clients_values_are_its_own_even_where_the_store_does_not_know_it(cast: Cast) -> None:
    version = comparable_clients(cast, 60)
    a_current_store(version)
    client = Client.objects.get(pk=OWN)
    Client.objects.filter(pk=OWN).delete()
    client.pk, client.version = 7, 2
    client.save(force_insert=True)
    compared = comparable(Client.objects.get(pk=7))
    assert compared.probability is None
    assert math.isnan(compared.values["SCORE"])
    Client.objects.create(pk=OWN, agency=cast.agency, application=client.application)
    found = nearest_clients(cast.advisor, compared, compared.population, compared.population.store.everyone)
    assert found[0].client.pk == OWN
    assert found[0].distance == pytest.approx(0.0, abs=1e-6)  # the store knows the same application


def test_the_preset_is_as_narrow_as_leaves_enough_clients(cast: Cast) -> None:
    a_current_store(comparable_clients(cast, 60))
    compared = comparable(Client.objects.get(pk=OWN))
    filters = similar_filters(compared)
    assert filters.tolerance == "wide"  # sixty clients are never enough
    assert set(filters.chosen) == {"age", "income", "amount", "contract"}
    assert similar_filters(compared).parameters["tolerance"] == "wide"


def test_a_small_cohort_is_refused_and_its_rate_needs_known_outcomes(cast: Cast) -> None:
    Client.objects.all().delete()
    version = comparable_clients(cast, 60)
    Client.objects.filter(pk__gt=OWN + 40).update(target=None)
    a_current_store(version)
    store = comparable(Client.objects.get(pk=OWN)).population.store
    assert not is_too_small(store.everyone)
    assert is_too_small(store.cohort(frozenset({IsLevel("NAME_FAMILY_STATUS", 0), IsLevel("NAME_CONTRACT_TYPE", 0)})))
    known = Client.objects.filter(target__isnull=False).count()
    assert known < 20
    assert default_rate(store.everyone) is None


def test_the_default_rate_comes_with_its_interval(cast: Cast) -> None:
    a_current_store(comparable_clients(cast, 300))
    rate = default_rate(comparable(Client.objects.get(pk=OWN)).population.store.everyone)
    known = Client.objects.filter(target__isnull=False)
    assert rate.known == known.count()
    assert rate.value == pytest.approx(known.filter(target=1).count() / known.count())
    assert rate.low < rate.value < rate.high


def test_advice_is_counted_by_the_policy_in_force(cast: Cast) -> None:
    a_current_store(comparable_clients(cast, 300))
    population = comparable(Client.objects.get(pk=OWN)).population
    counts = advice_counts(population, population.store.everyone, "NAME_FAMILY_STATUS")
    counted = sum(int(each.sum()) for each in counts.values())
    known = population.store.cohort(frozenset()).counts("NAME_FAMILY_STATUS").sum()
    probabilities = population.store.probabilities
    expected = [population.policy.zone.advice(p) for p in probabilities if not np.isnan(p)]
    assert counted <= known
    assert counts[Advice.REFUSED].sum() / counted == pytest.approx(expected.count("refused") / len(expected), abs=0.05)


def test_scores_of_another_model_are_not_shown(cast: Cast) -> None:
    comparable_clients(cast, 60)
    a_current_store(None)
    population = comparable(Client.objects.get(pk=OWN)).population
    assert population.policy is None
    assert "SCORE" not in offered_variables(population)
    assert advice_counts(population, population.store.everyone, "NAME_FAMILY_STATUS") is None


def test_neighbours_are_the_nearest_of_the_readers_own_agency(cast: Cast) -> None:
    a_current_store(comparable_clients(cast, 200))
    compared = comparable(Client.objects.get(pk=OWN))
    found = nearest_clients(cast.advisor, compared, compared.population, compared.population.store.everyone)
    assert len(found) == NEAREST
    assert {each.client.agency for each in found} == {cast.agency}
    assert OWN not in {each.client.pk for each in found}
    everyone = nearest_clients(cast.auditor, compared, compared.population, compared.population.store.everyone)
    nearest_own = [each.client.pk for each in everyone if each.client.agency == cast.agency]
    assert [each.client.pk for each in found][: len(nearest_own)] == nearest_own
    assert [each.distance for each in found] == sorted(each.distance for each in found)


def test_few_visible_clients_among_many_are_found_as_far_as_is_near(cast: Cast) -> None:
    a_current_store(comparable_clients(cast, 400))
    compared = comparable(Client.objects.get(pk=OWN))
    Client.objects.exclude(pk__in=[OWN, OWN + 400, OWN + 796]).update(agency=cast.other_agency)
    found = nearest_clients(cast.advisor, compared, compared.population, compared.population.store.everyone)
    assert {each.client.pk for each in found} == {OWN + 400, OWN + 796}


@pytest.mark.parametrize("count", [60, 240])
def test_the_number_of_queries_does_not_grow_with_clients(cast: Cast, count: int) -> None:
    a_current_store(comparable_clients(cast, count))
    active_policy()  # the process remembers the names of the features from here on
    with CaptureQueriesContext(connection) as queries:
        compared = comparable(Client.objects.get(pk=OWN))
        nearest_clients(cast.auditor, compared, compared.population, compared.population.store.everyone)
    assert len(queries) == 8  # client, policy, score, feature set, features, store, visible ones, names


def test_a_store_missing_from_the_disk_is_ignored(cast: Cast, settings, tmp_path: Path) -> None:
    a_current_store(comparable_clients(cast, 30))
    settings.STATE_DIR = tmp_path / "elsewhere"
    assert comparable(Client.objects.get(pk=OWN)).population is None


def test_a_store_of_an_earlier_format_is_ignored(cast: Cast) -> None:
    stored = a_current_store(comparable_clients(cast, 30))
    manifest = stores_folder() / stored.folder / MANIFEST
    manifest.write_text(manifest.read_text().replace('"format": 1', '"format": 0'))
    assert comparable(Client.objects.get(pk=OWN)).population is None
