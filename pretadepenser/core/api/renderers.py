"""The JSON of all responses."""

from collections.abc import Iterable
from typing import Final

import orjson
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.utils.encoders import JSONEncoder

# Times are written as by the serializers, with Z.
_OPTIONS: Final = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_NON_STR_KEYS
_other_kinds = JSONEncoder().default


class JSONRenderer(BaseRenderer):
    """Compact UTF-8; a float that JSON cannot hold becomes null."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(self, data: object, accepted_media_type: object = None, renderer_context: object = None) -> bytes:
        return b"" if data is None else orjson.dumps(data, default=_other_kinds, option=_OPTIONS)


class Negotiation(DefaultContentNegotiation):
    """A shortcut for clients that accept anything, or the first renderer of the endpoint."""

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        first = next(iter(renderers))
        media_type = str(first.media_type)
        if request.META.get("HTTP_ACCEPT", "*/*") in ("*/*", media_type) and not format_suffix:
            return first, media_type
        chosen: tuple[BaseRenderer, str] = super().select_renderer(request, renderers, format_suffix)
        return chosen
