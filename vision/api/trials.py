"""Endpoints for trying one image on the trained contenders of a benchmark."""

from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from pretadepenser.core.permissions import actor_of, signed_in
from pretadepenser.core.roles import Permission
from vision.api.serializers import TrialInputSerializer, TrialOutputSerializer
from vision.models import BenchmarkRun
from vision.selectors.trials import trials_visible_to
from vision.services.trials import request_trial


class TrialListView(APIView):
    """POST sends an image: 202, and its answers soon at the address in the Location header."""

    permission = Permission.TRY_IMAGES
    parser_classes = [MultiPartParser]

    @extend_schema(request={"multipart/form-data": TrialInputSerializer}, responses={202: TrialOutputSerializer})
    def post(self, request: Request, run_id: int) -> Response:
        run = get_object_or_404(BenchmarkRun.objects.select_related("dataset"), pk=run_id, finished_at__isnull=False)
        asked = TrialInputSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        trial = request_trial(run=run, image=asked.validated_data["image"].read(), by=actor_of(request))
        address = reverse("api:trial", args=[trial.pk], request=request)
        data = TrialOutputSerializer(trial).data
        return Response(data, status=status.HTTP_202_ACCEPTED, headers={"Location": address})


class TrialView(APIView):
    """One image that was tried, with the answers once they are there."""

    permission = Permission.VIEW_BENCHMARKS

    @extend_schema(responses=TrialOutputSerializer)
    def get(self, request: Request, trial_id: UUID) -> Response:
        found = get_object_or_404(trials_visible_to(signed_in(request)), pk=trial_id)
        return Response(TrialOutputSerializer(found).data)
