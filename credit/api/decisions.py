"""Endpoints of the advisor's decision: the consultation it rests on, the decision, its countersignature, its review."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import generics, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from credit.access import Reading, client_or_404, decision_or_404, record_reading, review_or_404
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
from credit.models import Decision, ReviewRequest
from credit.selectors.decisions import decision_record
from credit.selectors.policies import suspended_model
from credit.selectors.queue import open_reviews
from credit.services.decisions import countersign, record_ficp, take_decision
from credit.services.reviews import close_review, request_review
from pretadepenser.core.api.idempotency import idempotent
from pretadepenser.core.permissions import actor_of, signed_in
from pretadepenser.core.roles import Permission


class FicpView(APIView):
    """The FICP consultations for one client, newest first; a grant or a refusal rests on a recent one."""

    permission = Permission.VIEW_DECISIONS
    permission_to_write = Permission.DECIDE

    @extend_schema(responses=FicpOutputSerializer(many=True))
    def get(self, request: Request, client_id: int) -> Response:
        client = client_or_404(request, client_id, Reading.FICP)
        consultations = client.ficp_consultations.select_related("recorded_by")
        return Response(FicpOutputSerializer(consultations, many=True).data)

    @extend_schema(request=FicpInputSerializer, responses={201: FicpOutputSerializer})
    @idempotent
    def post(self, request: Request, client_id: int) -> Response:
        client, values = client_or_404(request, client_id), FicpInputSerializer.of(request).validated_data
        consultation = record_ficp(client=client, by=actor_of(request), **values)
        return Response(FicpOutputSerializer(consultation).data, status=status.HTTP_201_CREATED)


class DecisionListView(APIView):
    """The decisions on one client's file, newest first; POST takes one and stores the advice of that moment."""

    permission = Permission.VIEW_DECISIONS
    permission_to_write = Permission.DECIDE

    @extend_schema(responses=DecisionOutputSerializer(many=True))
    def get(self, request: Request, client_id: int) -> Response:
        client = client_or_404(request, client_id, Reading.DECISIONS)
        return _answer(*decision_record(client).decisions, many=True)

    @extend_schema(request=DecisionInputSerializer, responses={201: DecisionOutputSerializer})
    @idempotent
    def post(self, request: Request, client_id: int) -> Response:
        """``status`` is "waiting" when a supervisor has to countersign, else "final"."""
        client, values = client_or_404(request, client_id), DecisionInputSerializer.of(request).validated_data
        decision = take_decision(client=client, by=actor_of(request), **values)
        return _answer(decision, status=status.HTTP_201_CREATED)


class CountersignView(APIView):
    """A supervisor makes a waiting decision final, or declines it with a note."""

    permission = Permission.COUNTERSIGN

    @extend_schema(request=CountersignInputSerializer, responses=DecisionOutputSerializer)
    @idempotent
    def post(self, request: Request, decision_id: int) -> Response:
        decision, values = decision_or_404(request, decision_id), CountersignInputSerializer.of(request).validated_data
        return _answer(countersign(decision=decision, by=actor_of(request), **values))


class DecisionReviewsView(APIView):
    """The reviews of one decision that the borrower asked for; POST records a request."""

    permission = Permission.VIEW_DECISIONS
    permission_to_write = Permission.DECIDE

    @extend_schema(responses=ReviewOutputSerializer(many=True))
    def get(self, request: Request, decision_id: int) -> Response:
        decision = decision_or_404(request, decision_id)
        record_reading(request, decision.client, Reading.REVIEWS, decision=decision.pk)
        reviews = decision.reviews.select_related("decision", "recorded_by", "closed_by")
        return Response(ReviewOutputSerializer(reviews, many=True).data)

    @extend_schema(request=ReviewInputSerializer, responses={201: ReviewOutputSerializer})
    @idempotent
    def post(self, request: Request, decision_id: int) -> Response:
        decision, values = decision_or_404(request, decision_id), ReviewInputSerializer.of(request).validated_data
        review = request_review(decision=decision, by=actor_of(request), **values)
        return Response(ReviewOutputSerializer(review).data, status=status.HTTP_201_CREATED)


class OpenReviewsView(generics.ListAPIView):
    """The open reviews, first due first."""

    permission = Permission.VIEW_DECISIONS
    serializer_class = ReviewOutputSerializer
    queryset = ReviewRequest.objects.none()  # for the schema alone

    def get_queryset(self) -> QuerySet[ReviewRequest]:
        return open_reviews(signed_in(self.request)).select_related("recorded_by", "closed_by")


class CloseReviewView(APIView):
    """Somebody who did not take the decision closes the review: the decision is upheld, or must be taken again."""

    permission = Permission.DECIDE

    @extend_schema(request=ReviewOutcomeInputSerializer, responses=ReviewOutputSerializer)
    @idempotent
    def post(self, request: Request, review_id: int) -> Response:
        review, values = review_or_404(request, review_id), ReviewOutcomeInputSerializer.of(request).validated_data
        return Response(ReviewOutputSerializer(close_review(review=review, by=actor_of(request), **values)).data)


def _answer(*decisions: Decision, many: bool = False, status: int = status.HTTP_200_OK) -> Response:
    """Decisions as the caller may read them: while the model is suspended, without any probability."""
    is_suspended = any(each.probability is not None for each in decisions) and suspended_model() is not None
    for decision in decisions:
        shown = None if is_suspended else decision.probability
        decision.shown_probability = shown  # type: ignore[attr-defined]  # for the serializer
    return Response(DecisionOutputSerializer(decisions if many else decisions[0], many=many).data, status=status)
