"""An application in JSON: raw columns and their values."""

from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from credit.ml.application import RawValue


@extend_schema_field(OpenApiTypes.OBJECT)
class ApplicationField(serializers.Field):
    """An object of numbers, texts and nulls by column; the services check columns and values."""

    default_error_messages = {
        "not_an_object": _("An object of columns and their values is expected."),
        "not_a_value": _("{column}: a number, a text or null is expected."),
    }

    def to_internal_value(self, data: object) -> dict[str, RawValue]:
        if not isinstance(data, dict):
            self.fail("not_an_object")
        for name, value in data.items():
            if isinstance(value, bool) or not (value is None or isinstance(value, (int, float, str))):
                self.fail("not_a_value", column=str(name)[:80])
        return dict(data)

    def to_representation(self, value: dict[str, RawValue]) -> dict[str, RawValue]:
        return dict(value)
