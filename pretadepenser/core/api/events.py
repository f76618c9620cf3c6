"""The journal for programs: pages by cursor, or a stream of newline-delimited JSON."""

import json
from datetime import datetime

from django.http import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from pretadepenser.core.api.inputs import InputSerializer
from pretadepenser.core.api.renderers import JSONRenderer
from pretadepenser.core.days import FIRST_DAY, LAST_DAY
from pretadepenser.core.journal.export import event_document, export_journal
from pretadepenser.core.journal.selectors import JournalQuery, journal_page
from pretadepenser.core.models import User
from pretadepenser.core.permissions import actor_of
from pretadepenser.core.roles import Permission

LARGEST_ID = 2**63 - 1


class LinesRenderer(BaseRenderer):
    """Negotiates ``Accept: application/x-ndjson``; it renders only errors, since events are streamed."""

    media_type = "application/x-ndjson"
    format = "ndjson"
    charset = "utf-8"

    def render(self, data: object, accepted_media_type: object = None, renderer_context: object = None) -> bytes:
        return json.dumps(data, default=str).encode() + b"\n"


class MomentField(serializers.DateTimeField):
    """A moment between ``FIRST_DAY`` and ``LAST_DAY``."""

    def to_internal_value(self, value: str | datetime) -> datetime:
        try:
            moment: datetime = super().to_internal_value(value)
        except OverflowError:
            self.fail("overflow")
        if not FIRST_DAY <= moment.date() <= LAST_DAY:
            self.fail("overflow")
        return moment


class PlaceSerializer(InputSerializer):
    before = serializers.IntegerField(
        required=False,
        default=None,
        min_value=1,
        max_value=LARGEST_ID,
        help_text="Events older than the one of this id.",
    )
    page_size = serializers.IntegerField(required=False, default=50, min_value=1, max_value=500)


class EventQuerySerializer(PlaceSerializer):
    actor = serializers.SlugRelatedField(
        slug_field="username", queryset=User.objects.all(), required=False, default=None, help_text="A user name."
    )
    action = serializers.CharField(required=False, default="", allow_blank=True, max_length=60)
    object_type = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=40, help_text="With object_id."
    )
    object_id = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=40, help_text="With object_type."
    )
    agency = serializers.IntegerField(required=False, default=None, min_value=1, max_value=2**31 - 1)
    since = MomentField(required=False, default=None)
    until = MomentField(required=False, default=None, help_text="Not included.")

    def validate(self, attrs: dict[str, object]) -> dict[str, object]:
        for given, missing in (("object_type", "object_id"), ("object_id", "object_type")):
            if attrs[given] and not attrs[missing]:
                raise serializers.ValidationError({missing: self.fields[missing].error_messages["required"]})
        return attrs

    def query(self) -> JournalQuery:
        asked = self.validated_data
        names = ("action", "object_type", "object_id", "since", "until")
        return JournalQuery(
            actor_id=asked["actor"].pk if asked["actor"] else None,
            agency_id=asked["agency"],
            **{name: asked[name] for name in names},
        )


class EventSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    at = serializers.DateTimeField()
    actor = serializers.CharField(allow_null=True, help_text="User name; null for the system.")
    action = serializers.CharField()
    object_type = serializers.CharField()
    object_id = serializers.CharField()
    agency = serializers.CharField(allow_null=True)
    token = serializers.CharField(allow_null=True, help_text="Name of the API key, if one was used.")
    detail = serializers.JSONField()


class EventPageSerializer(serializers.Serializer):
    next = serializers.URLField(allow_null=True, help_text="Address of the next older page; null at the end.")
    results = EventSerializer(many=True)


class EventListView(APIView):
    """The journal of the site, newest first; `Accept: application/x-ndjson` streams all matching events."""

    permission = Permission.VIEW_AUDIT
    renderer_classes = (JSONRenderer, LinesRenderer)

    @extend_schema(
        parameters=[EventQuerySerializer],
        responses={(200, "application/json"): EventPageSerializer, (200, "application/x-ndjson"): EventSerializer},
    )
    def get(self, request: Request) -> HttpResponseBase:
        asked = EventQuerySerializer.of(request)
        if isinstance(request.accepted_renderer, LinesRenderer):
            return export_journal(asked.query(), file_format="ndjson", by=actor_of(request))
        return event_page(request, asked.query(), asked)


def event_page(request: Request, query: JournalQuery, place: PlaceSerializer) -> Response:
    """A page of events with the URL of the next one."""
    asked = place.validated_data
    page = journal_page(query, before=asked["before"], size=asked["page_size"])
    here = request.build_absolute_uri()
    following = replace_query_param(here, "before", page.older) if page.older else None
    return Response({"next": following, "results": [event_document(event) for event in page.events]})
