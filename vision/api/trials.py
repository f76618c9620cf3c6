"""Endpoints that classify one image with the trained contenders of a benchmark."""

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
from vision.selectors.benchmarks import finished_run_or_404
from vision.selectors.trials import trials_visible_to
from vision.services.trials import request_trial


class TrialListView(APIView):
    """POST sends an image: 202; its answers will be at the address in the Location header."""

    permission = Permission.TRY_IMAGES
    parser_classes = [MultiPartParser]

    @extend_schema(request={"multipart/form-data": TrialInputSerializer}, responses={202: TrialOutputSerializer})
    def post(self, request: Request, run_id: int) -> Response:
        run = finished_run_or_404(run_id)
        image = TrialInputSerializer.of(request).validated_data["image"]
        trial = request_trial(run=run, image=image.read(), by=actor_of(request))
        address = reverse("api:trial", args=[trial.pk], request=request)
        data = TrialOutputSerializer(trial).data
        return Response(data, status=status.HTTP_202_ACCEPTED, headers={"Location": address})


class TrialView(APIView):
    """One image with the contenders' answers, empty until a worker has them."""

    permission = Permission.VIEW_BENCHMARKS

    @extend_schema(responses=TrialOutputSerializer)
    def get(self, request: Request, trial_id: UUID) -> Response:
        trial = get_object_or_404(trials_visible_to(signed_in(request)), pk=trial_id)
        return Response(TrialOutputSerializer(trial).data)
