"""Endpoints about clients: list, one file, score, explanation."""

from typing import Final

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from credit.api import client_editing
from credit.api.client_editing import ClientChangeSerializer, ClientInputSerializer, ClientSavedSerializer
from credit.api.serializers import (
    ClientDetailSerializer,
    ClientPageSerializer,
    ClientQuerySerializer,
    ExplanationOutputSerializer,
    ScoreOutputSerializer,
)
from credit.selectors.clients import ClientFile, client_file, client_list, explanation_job
from credit.selectors.policies import active_policy, refuse_suspended
from credit.selectors.scores import client_score
from credit.services.explanations import request_explanation
from pretadepenser.core.api.accepted import AcceptedSerializer, accepted
from pretadepenser.core.api.idempotency import idempotent
from pretadepenser.core.audit import record
from pretadepenser.core.permissions import actor_of, signed_in
from pretadepenser.core.roles import Permission

_SCORE: Final = ScoreOutputSerializer()  # kept: its fields are copied for each instance, and scores are read most


class ClientListView(APIView):
    """The clients that the caller may read; a POST makes a file."""

    permission = Permission.VIEW_CLIENTS
    permission_to_write = Permission.EDIT_CLIENTS

    @extend_schema(operation_id="clients_list", parameters=[ClientQuerySerializer], responses=ClientPageSerializer)
    def get(self, request: Request) -> Response:
        serializer = ClientQuerySerializer(data=request.query_params)
        serializer.is_valid(raise_exception=True)
        query = serializer.query()
        page = client_list(signed_in(request), query, active_policy())
        if page.number != query.page:
            raise NotFound(
                _("There is no page %(page)d: the last one is %(last)d.") % {"page": query.page, "last": page.number}
            )
        return Response(ClientPageSerializer(page, context={"request": request}).data)

    @extend_schema(request=ClientInputSerializer, responses={201: ClientSavedSerializer})
    @idempotent
    def post(self, request: Request) -> Response:
        client = client_editing.create(request)
        address = reverse("api:client", args=[client.pk], request=request)
        body = ClientSavedSerializer(client).data
        return Response(body, status=status.HTTP_201_CREATED, headers={"Location": address})


class ClientView(APIView):
    """One client's file; a PATCH changes it."""

    permission = Permission.VIEW_CLIENTS
    permission_to_write = Permission.EDIT_CLIENTS

    @extend_schema(responses=ClientDetailSerializer)
    def get(self, request: Request, client_id: int) -> Response:
        file = _file_or_404(request, client_id)
        record("client.opened", by=actor_of(request), target=file.client)
        return Response(ClientDetailSerializer(file).data)

    @extend_schema(request=ClientChangeSerializer, responses=ClientSavedSerializer)
    def patch(self, request: Request, client_id: int) -> Response:
        return Response(ClientSavedSerializer(client_editing.change(request, client_id)).data)


class ScoreView(APIView):
    """The stored score of the active model, with the threshold in force; 404 until the client is scored."""

    permission = Permission.VIEW_SCORES

    @extend_schema(responses=ScoreOutputSerializer)
    def get(self, request: Request, client_id: int) -> Response:
        score = client_score(signed_in(request), client_id)
        if score is None:
            _file_or_404(request, client_id)
            refuse_suspended()
            raise NotFound(_("This client has no score of an active model."))
        return Response(_SCORE.to_representation(score))


class ExplanationView(APIView):
    """Why the score is what it is: 200 when stored, 202 with the job's address while it is computed."""

    permission = Permission.VIEW_SCORES
    permission_to_write = Permission.REQUEST_EXPLANATIONS

    @extend_schema(responses={200: ExplanationOutputSerializer, 202: AcceptedSerializer})
    def get(self, request: Request, client_id: int) -> Response:
        file = _file_or_404(request, client_id)
        if file.explanation:
            return Response(ExplanationOutputSerializer(file).data)
        refuse_suspended()
        job = explanation_job(file.client, file.policy.model_version) if file.policy else None
        if job is None or job.is_finished:
            raise NotFound(_("This score has not been explained; ask for it by POST."))
        return accepted(request, job)

    @extend_schema(request=None, responses={200: ExplanationOutputSerializer, 202: AcceptedSerializer})
    def post(self, request: Request, client_id: int) -> Response:
        file = _file_or_404(request, client_id)
        if file.policy is None:
            refuse_suspended()
            raise NotFound(_("No model is active."))
        if file.explanation:
            return Response(ExplanationOutputSerializer(file).data)
        by = actor_of(request)
        return accepted(
            request, request_explanation(client=file.client, model_version=file.policy.model_version, by=by)
        )


def _file_or_404(request: Request, client_id: int) -> ClientFile:
    file = client_file(signed_in(request), client_id)
    if file is None:
        raise Http404
    return file
