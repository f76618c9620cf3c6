"""Endpoints about model versions and their thresholds: read, simulate, put in force, suspend, resume."""

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from credit.api.steering_serializers import (
    ModelDetailSerializer,
    ModelVersionSerializer,
    PolicyInputSerializer,
    PolicySerializer,
    ProposalInputSerializer,
    ReasonInputSerializer,
    ThresholdSimulationOutputSerializer,
)
from credit.models import ModelVersion
from credit.selectors.model_versions import model_versions, policy_in_force
from credit.selectors.policies import out_of_fold_rows, policy_history
from credit.services.policies import activate_policy, proposed_zone, simulate_proposal
from credit.services.suspension import Switch, resume_model, suspend_model
from pretadepenser.core.api.idempotency import idempotent
from pretadepenser.core.permissions import actor_of
from pretadepenser.core.roles import Permission


class ModelListView(APIView):
    """Every version of the model, newest first."""

    permission = Permission.VIEW_MODELS

    @extend_schema(responses=ModelVersionSerializer(many=True))
    def get(self, request: Request) -> Response:
        return Response(ModelVersionSerializer(model_versions().defer("text", "card", "importance"), many=True).data)


class ModelView(APIView):
    """One version: its card, its features in order, its policies."""

    permission = Permission.VIEW_MODELS

    @extend_schema(responses=ModelDetailSerializer)
    def get(self, request: Request, number: int) -> Response:
        version = get_object_or_404(model_versions().prefetch_related("policies__created_by"), number=number)
        return Response(ModelDetailSerializer(version).data)


class ModelMetricsView(APIView):
    """The measures of a version on unseen clients: intervals, curves, calibration, confusion matrix, costs."""

    permission = Permission.VIEW_MODELS

    @extend_schema(responses={200: dict})
    def get(self, request: Request, number: int) -> Response:
        measured = _version(number).card.get("evaluation")
        if measured is None:
            raise NotFound(_("This version has no measures."))
        return Response(measured)


class ThresholdSimulationView(APIView):
    """What another threshold or other costs would change; only the journal is written."""

    permission = Permission.MANAGE_MODELS

    @extend_schema(request=ProposalInputSerializer, responses=ThresholdSimulationOutputSerializer)
    def post(self, request: Request, number: int) -> Response:
        version, proposal = _version(number), ProposalInputSerializer.of(request).proposal()
        rows, policy = out_of_fold_rows(version), policy_in_force(version)
        if rows is None or policy is None:
            raise NotFound(_("This version has no predictions of unseen clients."))
        simulation = simulate_proposal(proposal=proposal, policy=policy, rows=rows, by=actor_of(request))
        return Response(ThresholdSimulationOutputSerializer(simulation).data)


class PolicyListView(APIView):
    """The policies of a version, newest first; POST puts another threshold in force on every screen."""

    permission = Permission.VIEW_MODELS
    permission_to_write = Permission.MANAGE_MODELS

    @extend_schema(responses=PolicySerializer(many=True))
    def get(self, request: Request, number: int) -> Response:
        return Response(PolicySerializer(policy_history(_version(number)), many=True).data)

    @extend_schema(request=PolicyInputSerializer, responses={201: PolicySerializer})
    @idempotent
    def post(self, request: Request, number: int) -> Response:
        version, serializer = _version(number), PolicyInputSerializer.of(request)
        proposal = serializer.proposal()
        policy = activate_policy(
            model_version=version,
            zone=proposed_zone(proposal, out_of_fold_rows(version)),
            costs=proposal.costs,
            note=serializer.validated_data["note"],
            replaces=serializer.validated_data["replaces"],
            by=actor_of(request),
        )
        return Response(PolicySerializer(policy).data, status=status.HTTP_201_CREATED)


class SuspendView(APIView):
    """Suspends the active version: no screen, endpoint or export shows a score until it is resumed."""

    permission = Permission.MANAGE_MODELS

    @extend_schema(request=ReasonInputSerializer, responses=ModelVersionSerializer)
    @idempotent
    def post(self, request: Request, number: int) -> Response:
        return _switched(request, number, suspend_model)


class ResumeView(APIView):
    """Puts a suspended version back in use."""

    permission = Permission.MANAGE_MODELS

    @extend_schema(request=ReasonInputSerializer, responses=ModelVersionSerializer)
    @idempotent
    def post(self, request: Request, number: int) -> Response:
        return _switched(request, number, resume_model)


def _version(number: int) -> ModelVersion:
    return get_object_or_404(model_versions(), number=number)


def _switched(request: Request, number: int, act: Switch) -> Response:
    reason = ReasonInputSerializer.of(request).validated_data["reason"]
    version = act(model_version=_version(number), reason=reason, by=actor_of(request))
    return Response(ModelVersionSerializer(version).data)
