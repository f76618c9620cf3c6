"""Endpoints of the kernel: keys, who am I, jobs."""

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from pretadepenser.core import jobs, tokens
from pretadepenser.core.api.inputs import InputSerializer
from pretadepenser.core.api.throttling import AnonThrottle
from pretadepenser.core.models import Actor, ApiToken, Job
from pretadepenser.core.permissions import actor_of, signed_in
from pretadepenser.core.roles import PERMISSIONS, Permission, Role
from pretadepenser.core.selectors import jobs_visible_to
from pretadepenser.core.sign_in import SignInForm


class TokenInputSerializer(InputSerializer):
    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=200, trim_whitespace=False)
    name = serializers.CharField(max_length=80, required=False, default="API")
    scopes = serializers.ListField(
        child=serializers.ChoiceField(choices=[permission.value for permission in Permission]),
        required=False,
        default=list,
        help_text="What the key may do, among the rights of the person's role; nothing but `/me/` when left out.",
    )
    days = serializers.IntegerField(required=False, default=30, min_value=1, max_value=tokens.MAX_DAYS)


class TokenOutputSerializer(serializers.Serializer):
    key = serializers.CharField(help_text="Shown once. Send it as `Authorization: Bearer <key>`.")
    scopes = serializers.ListField(child=serializers.CharField())
    expires_at = serializers.DateTimeField()


class TokenView(APIView):
    """Creates a key for a user name and password; revokes the key that a request presents."""

    permission_classes = (AllowAny,)
    throttle_classes = (AnonThrottle,)

    @extend_schema(request=TokenInputSerializer, responses={201: TokenOutputSerializer}, auth=[])
    def post(self, request: Request) -> Response:
        data = TokenInputSerializer.of(request).validated_data
        # The form of the page, so that failures on both count towards the same pause.
        form = SignInForm(request._request, data={"username": data["username"], "password": data["password"]})
        if not form.is_valid():
            raise AuthenticationFailed(
                " ".join(str(each) for each in form.non_field_errors()) or _("User name and password are needed.")
            )
        user = form.get_user()
        del data["username"], data["password"]
        token, key = tokens.create_token(user=user, **data, by=Actor(user))
        output = TokenOutputSerializer({"key": key, "scopes": token.scopes, "expires_at": token.expires_at})
        return Response(output.data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses={204: None})
    def delete(self, request: Request) -> Response:
        if not isinstance(request.auth, ApiToken):
            raise AuthenticationFailed(_("Present the key that is to be revoked."))
        tokens.revoke_token(token=request.auth, by=actor_of(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class MeOutputSerializer(serializers.Serializer):
    username = serializers.CharField()
    full_name = serializers.CharField(source="get_full_name")
    role = serializers.CharField()
    agency = serializers.CharField(source="agency.name", allow_null=True, default=None)
    permissions = serializers.ListField(child=serializers.CharField())


class MeView(APIView):
    """The user of the request and the rights of the request; every key may call it."""

    permission_classes = (IsAuthenticated,)

    @extend_schema(responses=MeOutputSerializer)
    def get(self, request: Request) -> Response:
        user = signed_in(request)
        held = {permission.value for permission in PERMISSIONS[Role(user.role)]}
        if isinstance(request.auth, ApiToken):
            held &= set(request.auth.scopes)
        user.permissions = sorted(held)  # type: ignore[attr-defined]  # for the serializer alone
        return Response(MeOutputSerializer(user).data)


class JobOutputSerializer(serializers.ModelSerializer):
    label = serializers.SerializerMethodField()  # type: ignore[assignment]  # hides Field.label, unused here

    class Meta:
        model = Job
        fields = (
            "id", "kind", "label", "status", "progress_done", "progress_total", "progress_message", "result", "error",
            "created_at", "started_at", "finished_at",
        )  # fmt: skip

    def get_label(self, job: Job) -> str:
        return jobs.kind_label(job.kind)


class JobListView(generics.ListAPIView):
    """Jobs, newest first: the caller's own, or all of them with the right to manage jobs."""

    permission = Permission.VIEW_JOBS
    serializer_class = JobOutputSerializer

    def get_queryset(self):  # type: ignore[no-untyped-def]  # the stubs want a generic that DRF lacks at run time
        return jobs_visible_to(signed_in(self.request))


class JobView(APIView):
    """One job: ``status`` is queued, running, succeeded, failed or cancelled."""

    permission = Permission.VIEW_JOBS

    @extend_schema(responses=JobOutputSerializer)
    def get(self, request: Request, job_id: int) -> Response:
        job = get_object_or_404(jobs_visible_to(signed_in(request)), pk=job_id)
        return Response(JobOutputSerializer(job).data)


class JobCancelView(APIView):
    """Cancels a job; a running one stops within seconds."""

    permission = Permission.CANCEL_JOBS

    @extend_schema(request=None, responses={202: JobOutputSerializer})
    def post(self, request: Request, job_id: int) -> Response:
        job = get_object_or_404(jobs_visible_to(signed_in(request)), pk=job_id)
        job = jobs.cancel_job(job=job, by=actor_of(request))
        return Response(JobOutputSerializer(job).data, status=status.HTTP_202_ACCEPTED)
