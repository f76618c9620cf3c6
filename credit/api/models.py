"""Endpoints about the active model and the variables it may read."""

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from credit.api.serializers import FeatureOutputSerializer, ModelOutputSerializer
from credit.language import localized
from credit.ml.catalogue import variables
from credit.models import ThresholdPolicy
from credit.selectors.policies import active_policy, refuse_suspended
from pretadepenser.core.roles import Permission


def policy_or_404() -> ThresholdPolicy:
    """The policy in force; ConflictError while the model is suspended."""
    policy = active_policy()
    if policy is None:
        refuse_suspended()
        raise NotFound(_("No model is active."))
    return policy


class CurrentModelView(APIView):
    """The active model: its card, its features in model order, and the threshold in force."""

    permission = Permission.VIEW_MODELS

    @extend_schema(responses=ModelOutputSerializer)
    def get(self, request: Request) -> Response:
        return Response(ModelOutputSerializer(policy_or_404()).data)


class FeatureListView(APIView):
    """The dictionary of variables, raw and engineered, in the caller's language (Accept-Language)."""

    permission = Permission.VIEW_MODELS

    @extend_schema(responses=FeatureOutputSerializer(many=True))
    def get(self, request: Request) -> Response:
        described = [
            {
                "name": variable.name,
                "label": localized(variable.label),
                "description": localized(variable.description),
                "unit": variable.unit,
                "theme": variable.theme,
                "table": variable.table,
                "kind": variable.kind,
            }
            for variable in variables()
        ]
        return Response(FeatureOutputSerializer(described, many=True).data)
