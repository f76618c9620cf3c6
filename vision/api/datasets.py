"""Endpoints about data sets and contenders."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from pretadepenser.core.api.accepted import AcceptedSerializer, accepted
from pretadepenser.core.permissions import actor_of
from pretadepenser.core.roles import Permission
from vision.api.serializers import (
    ArchiveInputSerializer,
    ContenderSerializer,
    DatasetDetailSerializer,
    DatasetOutputSerializer,
)
from vision.ml.contenders import REGISTERED
from vision.selectors.datasets import datasets
from vision.services.datasets import request_upload


class DatasetListView(generics.ListAPIView):
    """The data sets, newest first; POST uploads a zip archive to import: 202 with the job's address."""

    permission = Permission.VIEW_BENCHMARKS
    permission_to_write = Permission.MANAGE_BENCHMARKS
    serializer_class = DatasetOutputSerializer
    parser_classes = [MultiPartParser]

    def get_queryset(self):  # type: ignore[no-untyped-def]  # the stubs want a generic that DRF lacks at run time
        return datasets()

    @extend_schema(request={"multipart/form-data": ArchiveInputSerializer}, responses={202: AcceptedSerializer})
    def post(self, request: Request) -> Response:
        values = ArchiveInputSerializer.of(request).validated_data
        archive, name = values["archive"], values["name"]
        job = request_upload(chunks=archive.chunks(), file_name=archive.name, name=name, by=actor_of(request))
        return accepted(request, job)


class DatasetView(APIView):
    """One data set with the problems that its import found."""

    permission = Permission.VIEW_BENCHMARKS

    @extend_schema(responses=DatasetDetailSerializer)
    def get(self, request: Request, slug: str) -> Response:
        return Response(DatasetDetailSerializer(get_object_or_404(datasets(), slug=slug)).data)


class ContenderListView(APIView):
    """The registered contenders; every torchvision classifier can also be named."""

    permission = Permission.VIEW_BENCHMARKS

    @extend_schema(responses=ContenderSerializer(many=True))
    def get(self, request: Request) -> Response:
        return Response(ContenderSerializer(list(REGISTERED.values()), many=True).data)
