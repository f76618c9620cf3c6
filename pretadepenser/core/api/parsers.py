"""Strict JSON (RFC 8259): no NaN, infinity or NUL, and no number that overflows a column."""

from collections.abc import Mapping
from typing import IO

import orjson
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
MAX_DEPTH = 32


class StrictJSONParser(JSONParser):
    """Parses a request's body; values that PostgreSQL or a float cannot hold are a 400."""

    def parse(  # type: ignore[override]  # the stubs promise a dict; JSON may be a list or a number
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, object] | None = None
    ) -> Json:
        body = stream.read()
        if not body:
            return {}
        try:
            data: Json = orjson.loads(body)
        except orjson.JSONDecodeError as error:
            raise ParseError(_("The body is not valid JSON: %(reason)s") % {"reason": error}) from None
        _check(data, MAX_DEPTH)
        return data


def _check(value: Json, depth: int) -> None:
    if depth == 0:
        raise ParseError(_("The body is nested too deeply."))
    if isinstance(value, str) and "\0" in value:
        raise ParseError(_("The body contains a NUL character."))
    if isinstance(value, int) and value >= 2**63:
        raise ParseError(_("The body contains a whole number that is too large."))
    items = [*value, *value.values()] if isinstance(value, dict) else value if isinstance(value, list) else []
    for item in items:
        _check(item, depth - 1)
