"""Endpoints about clients: list, one file, score, explanation."""

from typing import Final

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from credit.access import Reading, client_or_404, file_or_404, record_reading
from credit.api.models import policy_or_404
from credit.api.serializers import (
    ClientChangeSerializer,
    ClientDetailSerializer,
    ClientInputSerializer,
    ClientPageSerializer,
    ClientQuerySerializer,
    ClientSavedSerializer,
    ExplanationOutputSerializer,
    ScoreOutputSerializer,
)
from credit.models import Client
from credit.selectors.clients import ClientFile, client_list, explanation_job
from credit.selectors.policies import active_policy, refuse_suspended
from credit.selectors.scores import client_score
from credit.services.clients import NewClient, create_clients, edit_client
from credit.services.explanations import request_explanation
from pretadepenser.core.api.accepted import AcceptedSerializer, accepted
from pretadepenser.core.api.idempotency import idempotent
from pretadepenser.core.permissions import actor_of, signed_in
from pretadepenser.core.roles import Permission

_SCORE: Final = ScoreOutputSerializer()  # kept: its fields are copied for each instance, and scores are read most


class ClientListView(APIView):
    """The clients that the caller may read; POST creates a file."""

    permission = Permission.VIEW_CLIENTS
    permission_to_write = Permission.EDIT_CLIENTS

    @extend_schema(operation_id="clients_list", parameters=[ClientQuerySerializer], responses=ClientPageSerializer)
    def get(self, request: Request) -> Response:
        query = ClientQuerySerializer.of(request).query()
        page = client_list(signed_in(request), query, active_policy())
        if page.number != query.page:
            raise NotFound(
                _("There is no page %(page)d: the last one is %(last)d.") % {"page": query.page, "last": page.number}
            )
        return Response(ClientPageSerializer(page, context={"request": request}).data)

    @extend_schema(request=ClientInputSerializer, responses={201: ClientSavedSerializer})
    @idempotent
    def post(self, request: Request) -> Response:
        new = ClientInputSerializer.of(request)
        entry = NewClient(new.validated_data["application"], new.person())
        client = create_clients(entries=[entry], by=actor_of(request))[0]
        address = reverse("api:client", args=[client.pk], request=request)
        body = ClientSavedSerializer(client).data
        return Response(body, status=status.HTTP_201_CREATED, headers={"Location": address})


class ClientView(APIView):
    """One client's file; PATCH changes it."""

    permission = Permission.VIEW_CLIENTS
    permission_to_write = Permission.EDIT_CLIENTS

    @extend_schema(responses=ClientDetailSerializer)
    def get(self, request: Request, client_id: int) -> Response:
        return Response(ClientDetailSerializer(file_or_404(request, client_id, Reading.FILE)).data)

    @extend_schema(request=ClientChangeSerializer, responses=ClientSavedSerializer)
    def patch(self, request: Request, client_id: int) -> Response:
        client, change = client_or_404(request, client_id), ClientChangeSerializer.of(request)
        values = change.validated_data
        changed = edit_client(
            client=client,
            version=values["version"],
            application=values.get("application", {}),
            person=change.person(),
            by=actor_of(request),
        )
        return Response(ClientSavedSerializer(changed).data)


class ScoreView(APIView):
    """The stored score of the active model, with the threshold in force; 404 until the client is scored."""

    permission = Permission.VIEW_SCORES

    @extend_schema(responses=ScoreOutputSerializer)
    def get(self, request: Request, client_id: int) -> Response:
        score = client_score(signed_in(request), client_id)
        if score is None:
            client_or_404(request, client_id)
            refuse_suspended()
            raise NotFound(_("This client has no score of an active model."))
        record_reading(request, Client(pk=score.client, agency_id=score.agency), Reading.SCORE)
        return Response(_SCORE.to_representation(score))


class ExplanationView(APIView):
    """The contributions to the score: 200 when stored, 202 with the job's address while they are computed."""

    permission = Permission.VIEW_SCORES
    permission_to_write = Permission.REQUEST_EXPLANATIONS

    @extend_schema(responses={200: ExplanationOutputSerializer, 202: AcceptedSerializer})
    def get(self, request: Request, client_id: int) -> Response:
        file = file_or_404(request, client_id)
        if file.explanation:
            return _explained(request, file)
        refuse_suspended()
        job = explanation_job(file.client, file.policy.model_version) if file.policy else None
        if job is None or job.is_finished:
            raise NotFound(_("This score has not been explained; ask for it by POST."))
        return accepted(request, job)

    @extend_schema(request=None, responses={200: ExplanationOutputSerializer, 202: AcceptedSerializer})
    def post(self, request: Request, client_id: int) -> Response:
        file = file_or_404(request, client_id)
        policy = file.policy or policy_or_404()
        if file.explanation:
            return _explained(request, file)
        job = request_explanation(client=file.client, model_version=policy.model_version, by=actor_of(request))
        return accepted(request, job)


def _explained(request: Request, file: ClientFile) -> Response:
    record_reading(request, file.client, Reading.REASONS)
    return Response(ExplanationOutputSerializer(file).data)
