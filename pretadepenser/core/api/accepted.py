"""The answer to what a worker does: 202, with the address of the job to follow."""

from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from pretadepenser.core.models import Job


class AcceptedSerializer(serializers.Serializer):
    job = serializers.IntegerField(source="pk")
    status = serializers.CharField()


def accepted(request: Request, job: Job) -> Response:
    """The job, and where to follow it in the Location header."""
    address = reverse("api:job", args=[job.pk], request=request)
    return Response(AcceptedSerializer(job).data, status=status.HTTP_202_ACCEPTED, headers={"Location": address})
