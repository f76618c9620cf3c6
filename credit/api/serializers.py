"""Inputs and outputs of the credit endpoints: probabilities are floats in 0..1, blanks are null."""

import math
from typing import Final

import numpy as np
from django.core.paginator import Page
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.utils.urls import replace_query_param

from credit.api.application_fields import ApplicationField
from credit.ml.advice import Advice
from credit.ml.columns import PROTECTED
from credit.ml.inputs import completeness
from credit.ml.names import LONGEST_NAME
from credit.models import Client
from credit.models.client import LARGEST_CHARGES, PERSON
from credit.presenters.reasons import present_reasons
from credit.selectors.clients import PAGE_SIZE, SORTS, ClientFile, ClientListQuery
from credit.services.client_features import is_complete
from pretadepenser.core.api.inputs import InputSerializer
from pretadepenser.core.api.pagination import MAX_PAGE_SIZE
from pretadepenser.core.paging import CappedPaginator

ADVICE: Final = [advice.value for advice in Advice]
OLD_NAME: Final = "The name of `advice` in earlier versions of v1."


class ClientQuerySerializer(InputSerializer):
    q = serializers.CharField(required=False, default="", max_length=100, allow_blank=True, help_text="Number or name.")
    advice = serializers.ChoiceField(required=False, default=None, choices=ADVICE)
    decision = serializers.ChoiceField(required=False, default=None, choices=ADVICE, help_text=OLD_NAME)
    contract_type = serializers.CharField(required=False, default="", allow_blank=True, max_length=30)
    agency = serializers.IntegerField(required=False, default=None, min_value=1, max_value=2**31 - 1)
    sort = serializers.ChoiceField(
        choices=[f"{sign}{name}" for name in SORTS for sign in ("", "-")],
        required=False,
        default="id",
        help_text="- for descending.",
    )
    page = serializers.IntegerField(required=False, default=1, min_value=1, max_value=CappedPaginator.limit)
    page_size = serializers.IntegerField(required=False, default=PAGE_SIZE, min_value=1, max_value=MAX_PAGE_SIZE)

    def query(self) -> ClientListQuery:
        values = self.validated_data
        advice = values["advice"] or values["decision"]
        return ClientListQuery(
            text=values["q"].strip(),
            advice=Advice(advice) if advice else None,
            contract_type=values["contract_type"],
            agency_id=values["agency"],
            sort=values["sort"].removeprefix("-"),
            is_descending=values["sort"].startswith("-"),
            page=values["page"],
            page_size=values["page_size"],
        )


class PersonInputSerializer(InputSerializer):
    first_name = serializers.CharField(required=False, allow_blank=True, max_length=LONGEST_NAME)
    last_name = serializers.CharField(required=False, allow_blank=True, max_length=LONGEST_NAME)
    monthly_charges = serializers.FloatField(required=False, allow_null=True, min_value=0, max_value=LARGEST_CHARGES)

    def person(self) -> dict[str, str | float | None]:
        """The values that the request names."""
        return {name: self.validated_data[name] for name in PERSON if name in self.validated_data}


class ClientInputSerializer(PersonInputSerializer):
    application = ApplicationField(help_text="Raw columns of application_*.csv; what is left out is missing.")


class ClientChangeSerializer(PersonInputSerializer):
    version = serializers.IntegerField(min_value=1, help_text="Of the file that was read; 409 if it has changed since.")
    application = ApplicationField(required=False, help_text="The columns that change; null makes a value missing.")


class ClientSavedSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    version = serializers.IntegerField()
    agency = serializers.CharField(source="agency.name")
    completeness = serializers.SerializerMethodField(help_text="Share of the main inputs that are given.")
    is_scored = serializers.SerializerMethodField(
        help_text="Whether enough is given for a score, which is then being computed."
    )

    def get_completeness(self, client: Client) -> float:
        return completeness(client.vector)

    def get_is_scored(self, client: Client) -> bool:
        return is_complete(client.vector)


class ClientSerializer(serializers.Serializer):
    id = serializers.IntegerField(help_text="SK_ID_CURR")
    first_name = serializers.CharField()
    last_name = serializers.CharField()
    agency = serializers.CharField(source="agency.name")
    contract_type = serializers.CharField()
    amount = serializers.FloatField(allow_null=True)
    income = serializers.FloatField(allow_null=True)
    annuity = serializers.FloatField(allow_null=True)
    age_years = serializers.IntegerField(allow_null=True)
    version = serializers.IntegerField(help_text="Grows with each change of the file.")


class ClientRowSerializer(ClientSerializer):
    probability = serializers.FloatField(allow_null=True, default=None, help_text="Null until the client is scored.")


class ClientPageSerializer(serializers.Serializer):
    count = serializers.IntegerField(source="paginator.count", help_text="At most 2,500: see is_count_capped.")
    next = serializers.SerializerMethodField()
    previous = serializers.SerializerMethodField()
    is_count_capped = serializers.BooleanField(source="paginator.is_capped")
    page = serializers.IntegerField(source="number")
    pages = serializers.IntegerField(source="paginator.num_pages")
    results = ClientRowSerializer(source="object_list", many=True)

    @extend_schema_field(serializers.URLField(allow_null=True))
    def get_next(self, page: Page[Client]) -> str | None:
        return self._address(page.next_page_number()) if page.has_next() else None

    @extend_schema_field(serializers.URLField(allow_null=True))
    def get_previous(self, page: Page[Client]) -> str | None:
        return self._address(page.previous_page_number()) if page.has_previous() else None

    def _address(self, number: int) -> str:
        here: str = self.context["request"].build_absolute_uri()
        return replace_query_param(here, "page", str(number))


class ClientDetailSerializer(serializers.Serializer):
    client = ClientSerializer()
    application = serializers.SerializerMethodField(help_text="By Kaggle's column names; sex is left out.")
    probability = serializers.FloatField(allow_null=True)

    @extend_schema_field(OpenApiTypes.OBJECT)
    def get_application(self, file: ClientFile) -> dict[str, float | int | str | None]:
        return {name: value for name, value in file.application.items() if name not in PROTECTED}


class ScoreOutputSerializer(serializers.Serializer):
    client = serializers.IntegerField()
    model_version = serializers.IntegerField()
    probability = serializers.FloatField()
    threshold = serializers.FloatField()
    grey_low = serializers.FloatField()
    grey_high = serializers.FloatField()
    advice = serializers.ChoiceField(choices=ADVICE)
    decision = serializers.ChoiceField(choices=ADVICE, source="advice", help_text=OLD_NAME)


class ContributionSerializer(serializers.Serializer):
    feature = serializers.CharField()
    value = serializers.FloatField(allow_null=True)
    median = serializers.FloatField(allow_null=True, help_text="Of all clients.")
    contribution = serializers.FloatField(help_text="Log-odds; positive raises the risk.")
    points = serializers.FloatField(help_text="The same as a difference of probabilities.")


class EvidenceSerializer(serializers.Serializer):
    """The fact of the file that leads a reason."""

    feature = serializers.CharField()
    value = serializers.FloatField(allow_null=True, help_text="Null for a blank.")
    median = serializers.FloatField(allow_null=True, help_text="Of all clients; null for categories.")


class ReasonSerializer(serializers.Serializer):
    text = serializers.CharField(help_text="As the page and the letter write it, in the language of the request.")
    theme = serializers.CharField()
    points = serializers.FloatField(help_text="What its theme did to the probability.")
    evidence = EvidenceSerializer(source="reason")


class ReasonsSerializer(serializers.Serializer):
    base_probability = serializers.FloatField(help_text="What the score of every client starts from.")
    main = ReasonSerializer(many=True, source="rows", help_text="At most four, strongest first.")
    others = serializers.FloatField(
        help_text="Points of everything else: base_probability, points and others add up to the probability."
    )


class ExplanationOutputSerializer(serializers.Serializer):
    client = serializers.IntegerField(source="client.pk")
    model_version = serializers.IntegerField(source="policy.model_version.number")
    probability = serializers.FloatField()
    base_value = serializers.FloatField(source="explanation.base_value", help_text="Log-odds before any feature.")
    additivity_error = serializers.FloatField(
        source="explanation.additivity_error", help_text="|base + sum of contributions - log-odds of the score|"
    )
    reasons = serializers.SerializerMethodField()
    contributions = serializers.SerializerMethodField(help_text="Strongest first.")

    @extend_schema_field(ReasonsSerializer)
    def get_reasons(self, file: ClientFile) -> dict[str, object]:
        assert file.explanation is not None  # noqa: S101 - else the view answers 404
        return dict(ReasonsSerializer(present_reasons(file.explanation, file.reasons)).data)

    @extend_schema_field(ContributionSerializer(many=True))
    def get_contributions(self, file: ClientFile) -> list[dict[str, float | str | None]]:
        assert file.explanation is not None  # noqa: S101 - else the view answers 404
        assert file.policy is not None  # noqa: S101
        explanation, population = file.explanation, file.policy.model_version.feature_set.population
        order = np.argsort(-np.abs(explanation.contributions), kind="stable")
        return [
            {
                "feature": explanation.names[index],
                "value": None if math.isnan(explanation.values[index]) else float(explanation.values[index]),
                "median": population.get(explanation.names[index], {}).get("median"),
                "contribution": float(explanation.contributions[index]),
                "points": float(explanation.points[index]),
            }
            for index in order
        ]


class ModelOutputSerializer(serializers.Serializer):
    number = serializers.IntegerField(source="model_version.number")
    origin = serializers.CharField(source="model_version.origin")
    sha256 = serializers.CharField(source="model_version.sha256")
    activated_at = serializers.DateTimeField(source="model_version.activated_at")
    features = serializers.ListField(child=serializers.CharField(), source="model_version.feature_names")
    threshold = serializers.FloatField()
    grey_low = serializers.FloatField()
    grey_high = serializers.FloatField()
    card = serializers.JSONField(source="model_version.card")


class FeatureOutputSerializer(serializers.Serializer):
    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # hides Field.label, unused here
    description = serializers.CharField()
    unit = serializers.CharField()
    theme = serializers.CharField()
    table = serializers.CharField()
    kind = serializers.CharField()
