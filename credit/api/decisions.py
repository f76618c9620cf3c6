"""Endpoints of the person's decision: the consultation it rests on, the decision, its countersignature, its review."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from credit.api.decision_serializers import (
    CountersignInputSerializer,
    DecisionInputSerializer,
    DecisionOutputSerializer,
    FicpInputSerializer,
    FicpOutputSerializer,
    ReviewInputSerializer,
    ReviewOutcomeInputSerializer,
    ReviewOutputSerializer,
)
from credit.models import Client, Decision, ReviewRequest
from credit.selectors.clients import clients_visible_to
from credit.selectors.decisions import decision_record
from credit.selectors.policies import suspended_model
from credit.selectors.queue import open_reviews
from credit.services.decisions import countersign, record_ficp, take_decision
from credit.services.reviews import close_review, request_review
from pretadepenser.core.api.idempotency import idempotent
from pretadepenser.core.permissions import actor_of, signed_in
from pretadepenser.core.roles import Permission


class FicpView(APIView):
    """The consultations of the FICP for one client, newest first; a grant or a refusal rests on a recent one."""

    permission = Permission.VIEW_DECISIONS
    permission_to_write = Permission.DECIDE

    @extend_schema(responses=FicpOutputSerializer(many=True))
    def get(self, request: Request, client_id: int) -> Response:
        consultations = _client(request, client_id).ficp_consultations.select_related("recorded_by")
        return Response(FicpOutputSerializer(consultations, many=True).data)

    @extend_schema(request=FicpInputSerializer, responses={201: FicpOutputSerializer})
    @idempotent
    def post(self, request: Request, client_id: int) -> Response:
        client = _client(request, client_id)
        serializer = FicpInputSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        consultation = record_ficp(client=client, by=actor_of(request), **serializer.validated_data)
        return Response(FicpOutputSerializer(consultation).data, status=status.HTTP_201_CREATED)


class DecisionListView(APIView):
    """The decisions on one client's file, newest first; POST takes one, with the advice of this moment."""

    permission = Permission.VIEW_DECISIONS
    permission_to_write = Permission.DECIDE

    @extend_schema(responses=DecisionOutputSerializer(many=True))
    def get(self, request: Request, client_id: int) -> Response:
        return _answer(*decision_record(_client(request, client_id)).decisions, many=True)

    @extend_schema(request=DecisionInputSerializer, responses={201: DecisionOutputSerializer})
    @idempotent
    def post(self, request: Request, client_id: int) -> Response:
        """``status`` is "waiting" when a supervisor has to countersign, else "final"."""
        client = _client(request, client_id)
        serializer = DecisionInputSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        decision = take_decision(client=client, by=actor_of(request), **serializer.validated_data)
        return _answer(decision, status=status.HTTP_201_CREATED)


class CountersignView(APIView):
    """A supervisor makes a waiting decision final, or declines it with a note."""

    permission = Permission.COUNTERSIGN

    @extend_schema(request=CountersignInputSerializer, responses=DecisionOutputSerializer)
    @idempotent
    def post(self, request: Request, decision_id: int) -> Response:
        decision = _decision(request, decision_id)
        serializer = CountersignInputSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        signed = countersign(decision=decision, by=actor_of(request), **serializer.validated_data)
        return _answer(signed)


class DecisionReviewsView(APIView):
    """The reviews that the borrower asked for of one decision; POST records a request."""

    permission = Permission.VIEW_DECISIONS
    permission_to_write = Permission.DECIDE

    @extend_schema(responses=ReviewOutputSerializer(many=True))
    def get(self, request: Request, decision_id: int) -> Response:
        reviews = _decision(request, decision_id).reviews.select_related("decision", "recorded_by", "closed_by")
        return Response(ReviewOutputSerializer(reviews, many=True).data)

    @extend_schema(request=ReviewInputSerializer, responses={201: ReviewOutputSerializer})
    @idempotent
    def post(self, request: Request, decision_id: int) -> Response:
        decision = _decision(request, decision_id)
        serializer = ReviewInputSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        review = request_review(decision=decision, by=actor_of(request), **serializer.validated_data)
        return Response(ReviewOutputSerializer(review).data, status=status.HTTP_201_CREATED)


class OpenReviewsView(generics.ListAPIView):
    """The reviews that nobody has closed, first due first."""

    permission = Permission.VIEW_DECISIONS
    serializer_class = ReviewOutputSerializer
    queryset = ReviewRequest.objects.none()  # for the schema alone

    def get_queryset(self) -> QuerySet[ReviewRequest]:
        return open_reviews(signed_in(self.request)).select_related("recorded_by", "closed_by")


class CloseReviewView(APIView):
    """Closes a review, by another person than who decided: the decision is upheld, or is to be taken again."""

    permission = Permission.DECIDE

    @extend_schema(request=ReviewOutcomeInputSerializer, responses=ReviewOutputSerializer)
    @idempotent
    def post(self, request: Request, review_id: int) -> Response:
        visible = ReviewRequest.objects.filter(decision__client__in=clients_visible_to(signed_in(request)))
        review = get_object_or_404(visible, pk=review_id)
        serializer = ReviewOutcomeInputSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        closed = close_review(review=review, by=actor_of(request), **serializer.validated_data)
        return Response(ReviewOutputSerializer(closed).data)


def _client(request: Request, client_id: int) -> Client:
    return get_object_or_404(clients_visible_to(signed_in(request)), pk=client_id)


def _decision(request: Request, decision_id: int) -> Decision:
    """A decision on a file that the caller may read."""
    visible = Decision.objects.filter(client__in=clients_visible_to(signed_in(request)))
    return get_object_or_404(visible, pk=decision_id)


def _answer(*decisions: Decision, many: bool = False, status: int = status.HTTP_200_OK) -> Response:
    """Decisions as the caller may read them: while the model is suspended no score is told, a past one neither."""
    is_suspended = any(each.probability is not None for each in decisions) and suspended_model() is not None
    for each in decisions:
        each.shown_probability = None if is_suspended else each.probability  # type: ignore[attr-defined]  # read above
    return Response(DecisionOutputSerializer(decisions if many else decisions[0], many=many).data, status=status)
