"""Inputs and outputs of the endpoints about decisions and reviews."""

from rest_framework import serializers

from credit.models import Decision, FicpConsultation, ReviewRequest
from pretadepenser.core.api.inputs import DayField, InputSerializer


class FicpInputSerializer(InputSerializer):
    consulted_on = DayField()
    result = serializers.ChoiceField(choices=FicpConsultation.Result.values)


class FicpOutputSerializer(serializers.ModelSerializer):
    recorded_by = serializers.CharField(source="recorded_by.username")

    class Meta:
        model = FicpConsultation
        fields = ("id", "consulted_on", "result", "recorded_by", "recorded_at")


class DecisionInputSerializer(InputSerializer):
    version = serializers.IntegerField(
        min_value=1, max_value=2**31 - 1, help_text="The version of the file that was read: 409 if it has changed."
    )
    outcome = serializers.ChoiceField(choices=Decision.Outcome.values)
    reason = serializers.CharField(
        required=False,
        default="",
        allow_blank=True,
        max_length=2000,
        help_text="Required when departing from the advice; when asking for documents, which ones.",
    )


class DecisionOutputSerializer(serializers.ModelSerializer):
    client = serializers.IntegerField(source="client_id")
    model_version = serializers.IntegerField(source="model_version.number", allow_null=True, default=None)
    policy = serializers.IntegerField(source="policy.number", allow_null=True, default=None)
    probability = serializers.FloatField(
        source="shown_probability",
        allow_null=True,
        help_text="When decided; null while the model is suspended.",
    )
    advice = serializers.CharField(help_text="granted, review, refused, or empty where there was no advice.")
    decided_by = serializers.CharField(source="decided_by.username")
    countersigned_by = serializers.CharField(source="countersigned_by.username", allow_null=True, default=None)

    class Meta:
        model = Decision
        fields = (
            "id", "client", "client_version", "outcome", "status", "reason", "model_version", "policy", "probability",
            "advice", "ficp", "decided_by", "decided_at", "countersigned_by", "countersigned_at", "countersign_note",
        )  # fmt: skip


class CountersignInputSerializer(InputSerializer):
    accepts = serializers.BooleanField()
    note = serializers.CharField(required=False, default="", allow_blank=True, max_length=2000)


class ReviewInputSerializer(InputSerializer):
    requested_on = DayField()
    borrower_comment = serializers.CharField(required=False, default="", allow_blank=True, max_length=4000)


class ReviewOutcomeInputSerializer(InputSerializer):
    outcome = serializers.ChoiceField(choices=ReviewRequest.Outcome.values)
    note = serializers.CharField(max_length=4000)


class ReviewOutputSerializer(serializers.ModelSerializer):
    client = serializers.IntegerField(source="decision.client_id")
    recorded_by = serializers.CharField(source="recorded_by.username")
    closed_by = serializers.CharField(source="closed_by.username", allow_null=True, default=None)

    class Meta:
        model = ReviewRequest
        fields = (
            "id", "client", "decision", "requested_on", "due_on", "borrower_comment", "outcome", "outcome_note",
            "recorded_by", "recorded_at", "closed_by", "closed_at",
        )  # fmt: skip
