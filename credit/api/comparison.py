"""Endpoints about the population: aggregates over a cohort, and one client among them."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from credit.access import Reading, client_or_404, record_reading
from credit.api.comparison_serializers import (
    ComparisonOutputSerializer,
    PopulationOutputSerializer,
    PopulationQuerySerializer,
)
from credit.ml.store import Cohort
from credit.selectors.peer_filters import read_filters
from credit.selectors.peers import comparable, default_rate, nearest_clients, offered_variables, refuse_small
from credit.selectors.policies import active_policy
from credit.selectors.population_aggregates import standing, variable_aggregate
from credit.selectors.population_stores import Population, current_population
from pretadepenser.core.permissions import signed_in
from pretadepenser.core.roles import Permission


class PopulationView(APIView):
    """One variable over all clients, or over at least 20 that meet the filters."""

    permission = Permission.COMPARE

    @extend_schema(parameters=[PopulationQuerySerializer], responses=PopulationOutputSerializer)
    def get(self, request: Request) -> Response:
        population = _prepared(current_population(active_policy()))
        cohort, name = _cohort_and_variable(request, population, None)
        return Response(PopulationOutputSerializer(_aggregates(population, cohort, name)).data)


class ComparisonView(APIView):
    """One client among all others, or among those that meet the filters, with its 20 nearest neighbours."""

    permission = Permission.COMPARE

    @extend_schema(parameters=[PopulationQuerySerializer], responses=ComparisonOutputSerializer)
    def get(self, request: Request, client_id: int) -> Response:
        client = client_or_404(request, client_id)
        compared = comparable(client)
        population = _prepared(compared.population)
        cohort, name = _cohort_and_variable(request, population, compared.values)
        nearest = nearest_clients(signed_in(request), compared, population, cohort)
        named = [neighbour.client.pk for neighbour in nearest]
        record_reading(request, client, Reading.COMPARISON, variable=name, clients=cohort.size, nearest=named)
        output = {
            **_aggregates(population, cohort, name),
            "client": client.pk,
            "standing": standing(population.store, cohort, name, compared.values[name]),
            "nearest": nearest,
        }
        return Response(ComparisonOutputSerializer(output).data)


def _prepared(population: Population | None) -> Population:
    if population is None:
        raise NotFound(_("The population has not been prepared for comparisons yet."))
    return population


def _cohort_and_variable(
    request: Request, population: Population, values: Mapping[str, float] | None
) -> tuple[Cohort, str]:
    """The cohort and the variable of the query; ValidationError names the parameter at fault."""
    name = PopulationQuerySerializer.of(request).validated_data["variable"]
    if name not in offered_variables(population):
        raise ValidationError({"variable": [_("This variable is not offered.")]})
    filters, unknown = read_filters(request.query_params, values)
    if unknown:
        raise ValidationError(
            {field: [_("The client's own value is unknown: nothing can be near it.")] for field in unknown}
        )
    cohort = population.store.cohort(filters.conditions(values or {}))
    refuse_small(cohort)
    return cohort, name


def _aggregates(population: Population, cohort: Cohort, name: str) -> dict[str, object]:
    return {
        "clients": cohort.size,
        "default_rate": default_rate(cohort),
        "variable": variable_aggregate(population.store, cohort, name),
    }
