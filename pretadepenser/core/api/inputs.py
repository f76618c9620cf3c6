"""What endpoints take: bodies and queries that are refused where they say something that nobody would read."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from rest_framework import serializers


class InputSerializer(serializers.Serializer):
    """Refuses names that it does not know: a misspelt ``scopes`` would give a key every right, in silence."""

    def to_internal_value(self, data: object) -> dict[str, object]:
        unknown = sorted(set(data) - set(self.fields)) if isinstance(data, Mapping) else []
        if unknown:
            sentence = _("Nothing of this name is read here; what is: %(known)s.") % {"known": ", ".join(self.fields)}
            raise serializers.ValidationError({str(name)[:80]: [sentence] for name in unknown})
        values: dict[str, object] = super().to_internal_value(data)
        return values
