"""Endpoints of monitoring: reports on drift and on groups of clients."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from credit.api.steering_serializers import ReportDetailSerializer, ReportInputSerializer, ReportSerializer
from credit.models import MonitoringReport
from credit.selectors.monitoring import reports
from credit.selectors.policies import policy_of_active_model
from credit.services.monitoring import request_drift_report, request_group_report
from pretadepenser.core.api.accepted import AcceptedSerializer, accepted
from pretadepenser.core.api.idempotency import idempotent
from pretadepenser.core.permissions import actor_of
from pretadepenser.core.roles import Permission


class ReportListView(generics.ListAPIView):
    """Reports, newest first; POST requests a new one for the active model: 202 with the job's address."""

    permission = Permission.VIEW_MONITORING
    permission_to_write = Permission.RUN_MONITORING
    serializer_class = ReportSerializer

    def get_queryset(self):  # type: ignore[no-untyped-def]  # the stubs want a generic that DRF lacks at run time
        return reports().defer("results")

    @extend_schema(request=ReportInputSerializer, responses={202: AcceptedSerializer})
    @idempotent
    def post(self, request: Request) -> Response:
        serializer, policy = ReportInputSerializer.of(request), policy_of_active_model()
        if policy is None:
            raise NotFound
        version, by = policy.model_version, actor_of(request)
        if serializer.validated_data["kind"] == MonitoringReport.Kind.DRIFT:
            job = request_drift_report(model_version=version, period=serializer.period(), by=by)
        else:
            job = request_group_report(model_version=version, by=by)
        return accepted(request, job)


class ReportView(APIView):
    """One report with its results."""

    permission = Permission.VIEW_MONITORING

    @extend_schema(responses=ReportDetailSerializer)
    def get(self, request: Request, report_id: int) -> Response:
        return Response(ReportDetailSerializer(get_object_or_404(reports(), pk=report_id)).data)
