"""Input serializers of endpoints, which refuse unknown names."""

from collections.abc import Mapping
from typing import Self

from django.http import QueryDict
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from pretadepenser.core.days import IN_RANGE
from pretadepenser.core.plain_text import plain_text, plain_values


class DayField(serializers.DateField):
    """A day in the range of ``core.days``."""

    default_validators = [*IN_RANGE]


class InputSerializer(serializers.Serializer):
    """Refuses unknown names: with a misspelt ``scopes`` a key would silently get every right."""

    @classmethod
    def of(cls, request: Request) -> Self:
        """The valid input of a request: its query for a GET, else its body. Raises ValidationError."""
        serializer = cls(data=request.query_params if request.method in SAFE_METHODS else request.data)
        serializer.is_valid(raise_exception=True)
        return serializer

    def to_internal_value(self, data: object) -> dict[str, object]:
        unknown = sorted(set(data) - set(self.fields)) if isinstance(data, Mapping) else []
        if unknown:
            sentence = _("Unknown field. Allowed: %(known)s.") % {"known": ", ".join(self.fields)}
            raise serializers.ValidationError({str(name)[:80]: [sentence] for name in unknown})
        values: dict[str, object] = super().to_internal_value(_plain(data))
        return values


def _plain(data: object) -> object:
    """The input with its texts plain; objects within it have serializers of their own."""
    if isinstance(data, QueryDict):
        return plain_values(data)
    if isinstance(data, Mapping):
        return {name: plain_text(value) if isinstance(value, str) else value for name, value in data.items()}
    return data
