"""The response to a request that a worker completes: 202, with the URL of its job."""

from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from pretadepenser.core.models import Job


class AcceptedSerializer(serializers.Serializer):
    job = serializers.IntegerField(source="pk")
    status = serializers.CharField()


def accepted(request: Request, job: Job) -> Response:
    """202 with the job, whose URL is in the Location header."""
    address = reverse("api:job", args=[job.pk], request=request)
    return Response(AcceptedSerializer(job).data, status=status.HTTP_202_ACCEPTED, headers={"Location": address})
