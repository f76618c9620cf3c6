"""Endpoints about benchmarks: launch, follow, read, compare."""

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import generics, status
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from pretadepenser.core.api.accepted import AcceptedSerializer, accepted
from pretadepenser.core.api.idempotency import idempotent
from pretadepenser.core.api.pagination import PageNumberPagination
from pretadepenser.core.permissions import actor_of
from pretadepenser.core.roles import Permission
from vision.api.serializers import (
    BenchmarkInputSerializer,
    OriginalStudyInputSerializer,
    PairComparisonSerializer,
    PairSerializer,
    PredictionPageSerializer,
    PredictionSerializer,
    ResultOutputSerializer,
    RunDetailSerializer,
    RunOutputSerializer,
)
from vision.ml.comparison import compare_all, pair_among
from vision.ml.types import PARTS
from vision.models import ContenderResult
from vision.selectors import benchmarks
from vision.selectors.datasets import labels
from vision.services.benchmarks import cancel_benchmark, request_benchmark, request_original_study


class RunListView(generics.ListAPIView):
    """The benchmarks, newest first; POST launches one: 202, its job's address in the Location header."""

    permission = Permission.VIEW_BENCHMARKS
    permission_to_write = Permission.MANAGE_BENCHMARKS
    serializer_class = RunOutputSerializer

    def get_queryset(self):  # type: ignore[no-untyped-def]  # the stubs want a generic that DRF lacks at run time
        return benchmarks.runs()

    @extend_schema(request=BenchmarkInputSerializer, responses={202: RunOutputSerializer})
    @idempotent
    def post(self, request: Request) -> Response:
        inputs = BenchmarkInputSerializer.of(request)
        dataset, name = inputs.validated_data["dataset"], inputs.validated_data["name"]
        run = request_benchmark(dataset=dataset, config=inputs.config, name=name, by=actor_of(request))
        address = reverse("api:job", args=[run.job_id], request=request)
        return Response(RunOutputSerializer(run).data, status=status.HTTP_202_ACCEPTED, headers={"Location": address})


class OriginalStudyView(APIView):
    """Launches the original study twice: as published, and with its faults corrected."""

    permission = Permission.MANAGE_BENCHMARKS

    @extend_schema(request=OriginalStudyInputSerializer, responses={202: RunOutputSerializer(many=True)})
    @idempotent
    def post(self, request: Request) -> Response:
        values = OriginalStudyInputSerializer.of(request).validated_data
        runs = request_original_study(by=actor_of(request), **values)
        return Response(RunOutputSerializer(runs, many=True).data, status=status.HTTP_202_ACCEPTED)


class RunView(APIView):
    """One benchmark; ``results`` is empty until it has finished."""

    permission = Permission.VIEW_BENCHMARKS

    @extend_schema(responses=RunDetailSerializer)
    def get(self, request: Request, run_id: int) -> Response:
        return Response(RunDetailSerializer(benchmarks.run_or_404(run_id)).data)


class RunCancelView(APIView):
    """Cancels a benchmark; it stops within seconds."""

    permission = Permission.MANAGE_BENCHMARKS

    @extend_schema(request=None, responses={202: AcceptedSerializer})
    def post(self, request: Request, run_id: int) -> Response:
        run = benchmarks.run_or_404(run_id)
        return accepted(request, cancel_benchmark(run=run, by=actor_of(request)))


class RunComparisonView(APIView):
    """Two contenders of one benchmark on the same test images, ``?a=…&b=…``."""

    permission = Permission.VIEW_BENCHMARKS

    @extend_schema(parameters=[PairSerializer], responses=PairComparisonSerializer)
    def get(self, request: Request, run_id: int) -> Response:
        inputs = PairSerializer.of(request)
        run = benchmarks.finished_run_or_404(run_id)
        # Among all contenders, so that p is corrected as on the page of the run.
        comparisons = compare_all(benchmarks.contender_runs(run), labels(run.dataset))
        comparison = pair_among(comparisons, **inputs.validated_data)
        if comparison is None:
            raise NotFound(_("The benchmark does not compare these two contenders."))
        return Response(PairComparisonSerializer(comparison).data)


class ResultView(APIView):
    """One contender on one split: all figures, cost, curve, settings."""

    permission = Permission.VIEW_BENCHMARKS

    @extend_schema(responses=ResultOutputSerializer)
    def get(self, request: Request, result_id: int) -> Response:
        result = get_object_or_404(ContenderResult.objects.defer("parts", "probabilities"), pk=result_id)
        return Response(ResultOutputSerializer(result).data)


class PredictionListView(APIView):
    """The probabilities of every image in the order of the data set, page by page."""

    permission = Permission.VIEW_BENCHMARKS

    @extend_schema(operation_id="vision_predictions_list", responses=PredictionPageSerializer)
    def get(self, request: Request, result_id: int) -> Response:
        result = get_object_or_404(ContenderResult.objects.select_related("run__dataset"), pk=result_id)
        measured, truth = benchmarks.contender_run(result), labels(result.run.dataset)
        pages = PageNumberPagination()
        positions = pages.paginate_queryset(range(len(truth)), request, view=self) or []
        rows = [
            {
                "position": position,
                "part": PARTS[measured.split.parts[position]].value,
                "label": int(truth[position]),
                "probabilities": measured.probabilities[position].tolist(),
            }
            for position in positions
        ]
        return pages.get_paginated_response(PredictionSerializer(rows, many=True).data)
