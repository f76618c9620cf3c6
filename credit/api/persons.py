"""Endpoints about one person's data: the journal of the file, a copy of all that is held, erasure."""

from django.http import HttpResponseBase, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from credit.access import Reading, client_or_404, record_reading
from credit.selectors.persons import file_query
from credit.services import persons
from pretadepenser.core.api.events import EventPageSerializer, PlaceSerializer, event_page
from pretadepenser.core.api.inputs import InputSerializer
from pretadepenser.core.permissions import actor_of
from pretadepenser.core.roles import Permission


class ClientEventsView(APIView):
    """The journal of one client's file, newest first."""

    permission = Permission.VIEW_CLIENTS

    @extend_schema(parameters=[PlaceSerializer], responses=EventPageSerializer)
    def get(self, request: Request, client_id: int) -> Response:
        client, place = client_or_404(request, client_id), PlaceSerializer.of(request)
        page = event_page(request, file_query(client), place)
        record_reading(request, client, Reading.JOURNAL)  # from the next reading on it is in the list
        return page


class ErasureInputSerializer(InputSerializer):
    confirmation = serializers.CharField(max_length=20, help_text="The client's number once more.")
    ground = serializers.ChoiceField(choices=[ground.value for ground in persons.Ground])
    is_forced = serializers.BooleanField(
        required=False, default=False, help_text="Erase although the last decision must still be kept."
    )


class PersonView(APIView):
    """All the data held about one person (GET), and their permanent erasure (DELETE)."""

    permission = Permission.EXPORT_PERSON
    permission_to_write = Permission.ERASE_PERSON

    @extend_schema(responses={(200, "application/json"): OpenApiTypes.OBJECT})
    def get(self, request: Request, client_id: int) -> HttpResponseBase:
        pieces = persons.export_person(client=client_or_404(request, client_id), by=actor_of(request))
        return StreamingHttpResponse(pieces, content_type="application/json", headers={"Cache-Control": "no-store"})

    @extend_schema(request=ErasureInputSerializer, responses={204: None})
    def delete(self, request: Request, client_id: int) -> Response:
        client, values = client_or_404(request, client_id), ErasureInputSerializer.of(request).validated_data
        ground = persons.Ground(values.pop("ground"))
        persons.erase_person(client=client, ground=ground, by=actor_of(request), **values)
        return Response(status=status.HTTP_204_NO_CONTENT)
