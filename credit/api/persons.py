"""Endpoints about one person's data: the journal of the file, a copy of all that is held, erasure."""

from django.http import HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from credit.models import Client
from credit.selectors.clients import clients_visible_to
from credit.selectors.persons import file_query
from credit.services import persons
from pretadepenser.core.api.events import EventPageSerializer, PlaceSerializer, event_page
from pretadepenser.core.api.inputs import InputSerializer
from pretadepenser.core.permissions import actor_of, signed_in
from pretadepenser.core.roles import Permission


class ClientEventsView(APIView):
    """The journal of one client's file, newest first."""

    permission = Permission.VIEW_CLIENTS

    @extend_schema(parameters=[PlaceSerializer], responses=EventPageSerializer)
    def get(self, request: Request, client_id: int) -> Response:
        place = PlaceSerializer(data=request.query_params)
        place.is_valid(raise_exception=True)
        return event_page(request, file_query(_client_or_404(request, client_id)), place)


class ErasureInputSerializer(InputSerializer):
    confirmation = serializers.CharField(max_length=20, help_text="The client's number once more.")
    ground = serializers.ChoiceField(choices=[each.value for each in persons.Ground])
    is_forced = serializers.BooleanField(
        required=False, default=False, help_text="Erase although the last decision must still be kept."
    )


class PersonView(APIView):
    """All that is held about one person (GET), and its erasure for good (DELETE)."""

    permission = Permission.EXPORT_PERSON
    permission_to_write = Permission.ERASE_PERSON

    @extend_schema(responses={(200, "application/json"): OpenApiTypes.OBJECT})
    def get(self, request: Request, client_id: int) -> HttpResponseBase:
        client = _client_or_404(request, client_id)
        pieces = persons.export_person(client=client, by=actor_of(request))
        return StreamingHttpResponse(pieces, content_type="application/json", headers={"Cache-Control": "no-store"})

    @extend_schema(request=ErasureInputSerializer, responses={204: None})
    def delete(self, request: Request, client_id: int) -> Response:
        client = _client_or_404(request, client_id)
        asked = ErasureInputSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        ground = persons.Ground(asked.validated_data.pop("ground"))
        persons.erase_person(client=client, ground=ground, by=actor_of(request), **asked.validated_data)
        return Response(status=status.HTTP_204_NO_CONTENT)


def _client_or_404(request: Request, client_id: int) -> Client:
    return get_object_or_404(clients_visible_to(signed_in(request)), pk=client_id)
