"""Inputs and outputs of the endpoints about the population; blanks are null, shares are in 0..1."""

from rest_framework import serializers

from credit.selectors.peer_filters import FILTERS, NEAR, NEAR_FILTERS, TOLERANCES, BandFilter, choices
from pretadepenser.core.api.inputs import InputSerializer


def _filter_help(name: str) -> str:
    filtered = FILTERS[name]
    what = "One band or level of"
    near = f" `{NEAR}`: around the client's own value (not for /population/)." if name in NEAR_FILTERS else ""
    unit = ", from-to in years" if filtered.variable == "DAYS_BIRTH" else ", from-to"
    return f"{what} {filtered.variable}{unit if isinstance(filtered, BandFilter) else ''}.{near}"


class PopulationQuerySerializer(InputSerializer):
    """The parameters: one per filter, and the variable."""

    variable = serializers.CharField(required=False, max_length=100, default="AMT_CREDIT")
    tolerance = serializers.ChoiceField(tuple(TOLERANCES), required=False, help_text="How far `near` reaches.")

    def get_fields(self) -> dict[str, serializers.Field]:
        filters = {
            name: serializers.ChoiceField(
                choices(name, with_near=name in NEAR_FILTERS), required=False, help_text=_filter_help(name)
            )
            for name in FILTERS
        }
        return {**super().get_fields(), **filters}


class DefaultRateSerializer(serializers.Serializer):
    known = serializers.IntegerField(help_text="Clients whose outcome is known.")
    value = serializers.FloatField(help_text="Share of them with payment difficulties.")
    low = serializers.FloatField(help_text="95 % interval (Wilson).")
    high = serializers.FloatField()


class VariableAggregateSerializer(serializers.Serializer):
    name = serializers.CharField()
    known = serializers.IntegerField()
    blank = serializers.IntegerField()
    counts = serializers.ListField(child=serializers.IntegerField())
    levels = serializers.ListField(child=serializers.CharField(), allow_null=True)
    values = serializers.ListField(child=serializers.FloatField(), allow_null=True)
    bounds = serializers.ListField(
        child=serializers.FloatField(),
        help_text="One more than counts; the outer bars include everything beyond.",
        allow_null=True,
    )
    quartiles = serializers.ListField(child=serializers.FloatField(), allow_null=True)


class PopulationOutputSerializer(serializers.Serializer):
    clients = serializers.IntegerField(help_text="Clients that meet the filters; at least 20.")
    default_rate = DefaultRateSerializer(help_text="Null where fewer than 20 outcomes are known.", allow_null=True)
    variable = VariableAggregateSerializer()


class StandingSerializer(serializers.Serializer):
    value = serializers.JSONField(help_text="A number or a level.", allow_null=True)
    percentile = serializers.FloatField(help_text="Share of clients below, ties counted half.", allow_null=True)


class NeighbourSerializer(serializers.Serializer):
    client = serializers.IntegerField(source="client.pk", help_text="Only clients that the caller may read.")
    distance = serializers.FloatField(help_text="Root mean square of the differences between percentiles.")
    defaulted = serializers.BooleanField(allow_null=True)
    probability = serializers.FloatField(allow_null=True)


class ComparisonOutputSerializer(PopulationOutputSerializer):
    client = serializers.IntegerField()
    standing = StandingSerializer()
    nearest = NeighbourSerializer(many=True)
