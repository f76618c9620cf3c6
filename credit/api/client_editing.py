"""Endpoints that make and change files of clients."""

from collections.abc import Mapping

from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.request import Request

from credit.api.application_fields import ApplicationField
from credit.ml.inputs import completeness
from credit.models import Client
from credit.selectors.clients import clients_visible_to
from credit.services.client_features import is_complete
from credit.services.clients import NewClient, create_clients, edit_client
from pretadepenser.core.api.inputs import InputSerializer
from pretadepenser.core.permissions import actor_of, signed_in

PERSON = ("first_name", "last_name", "monthly_charges")


class PersonSerializer(InputSerializer):
    first_name = serializers.CharField(required=False, allow_blank=True, max_length=80)
    last_name = serializers.CharField(required=False, allow_blank=True, max_length=80)
    monthly_charges = serializers.FloatField(required=False, allow_null=True, min_value=0, max_value=1e12)


class ClientInputSerializer(PersonSerializer):
    application = ApplicationField(help_text="Raw columns of application_*.csv; what is left out is missing.")


class ClientChangeSerializer(PersonSerializer):
    version = serializers.IntegerField(min_value=1, help_text="Of the file that was read; 409 if it has changed since.")
    application = ApplicationField(required=False, help_text="The columns that change; null makes a value missing.")


class ClientSavedSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    version = serializers.IntegerField()
    agency = serializers.CharField(source="agency.name")
    completeness = serializers.SerializerMethodField(help_text="Share of the main inputs that are given.")
    is_scored = serializers.SerializerMethodField(
        help_text="Whether enough is given for a score; it is being computed."
    )

    def get_completeness(self, client: Client) -> float:
        return completeness(client.vector)

    def get_is_scored(self, client: Client) -> bool:
        return is_complete(client.vector)


def create(request: Request) -> Client:
    """The file that a request asks for."""
    serializer = ClientInputSerializer(data=request.data)
    serializer.is_valid(raise_exception=True)
    data = serializer.validated_data
    entry = NewClient(data["application"], _person(data))
    return create_clients(entries=[entry], by=actor_of(request))[0]


def change(request: Request, client_id: int) -> Client:
    """The changed file of one that the person may read."""
    client = get_object_or_404(clients_visible_to(signed_in(request)), pk=client_id)
    serializer = ClientChangeSerializer(data=request.data)
    serializer.is_valid(raise_exception=True)
    data = serializer.validated_data
    return edit_client(
        client=client,
        version=data["version"],
        application=data.get("application", {}),
        person=_person(data),
        by=actor_of(request),
    )


def _person(data: Mapping[str, str | float | None]) -> dict[str, str | float | None]:
    return {name: data[name] for name in PERSON if name in data}
