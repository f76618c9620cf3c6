"""Inputs and outputs of the endpoints about models, thresholds and monitoring."""

from rest_framework import serializers

from credit.ml.threshold import BUSINESS_COSTS, CostRatio
from credit.models import ModelVersion, MonitoringReport, ThresholdPolicy
from credit.selectors.monitoring import Period
from credit.selectors.policies import PolicyEffect
from credit.services.policies import Proposal
from pretadepenser.core.api.inputs import DayField, InputSerializer


class ModelVersionSerializer(serializers.ModelSerializer):
    class Meta:
        model = ModelVersion
        fields: tuple[str, ...] = (
            "number", "status", "origin", "sha256", "created_at", "activated_at", "suspended_at", "suspension_reason",
        )  # fmt: skip


class PolicySerializer(serializers.ModelSerializer):
    by = serializers.CharField(source="created_by.username", allow_null=True, default=None)

    class Meta:
        model = ThresholdPolicy
        fields = (
            "number", "threshold", "grey_low", "grey_high", "cost_false_negative", "cost_false_positive", "note",
            "by", "created_at",
        )  # fmt: skip


class ModelDetailSerializer(ModelVersionSerializer):
    features = serializers.ListField(child=serializers.CharField(), source="feature_names")
    policies = PolicySerializer(many=True, help_text="Newest first; the first one is in force.")

    class Meta(ModelVersionSerializer.Meta):
        fields = (*ModelVersionSerializer.Meta.fields, "features", "card", "policies")


class ProposalInputSerializer(InputSerializer):
    cost_false_negative = serializers.FloatField(required=False, default=BUSINESS_COSTS.false_negative)
    cost_false_positive = serializers.FloatField(required=False, default=BUSINESS_COSTS.false_positive)
    threshold = serializers.FloatField(
        required=False, default=None, allow_null=True, help_text="If left out, the one that costs least."
    )
    grey_low = serializers.FloatField(required=False, default=None, allow_null=True)
    grey_high = serializers.FloatField(required=False, default=None, allow_null=True)

    def proposal(self) -> Proposal:
        values = self.validated_data
        costs = CostRatio(values["cost_false_negative"], values["cost_false_positive"])
        return Proposal(costs, values["threshold"], values["grey_low"], values["grey_high"])


class PolicyInputSerializer(ProposalInputSerializer):
    note = serializers.CharField(max_length=300, help_text="Why; stays in the history.")
    replaces = serializers.IntegerField(
        min_value=0,
        max_value=2**31 - 1,
        help_text="Number of the policy that you saw; 409 if a newer one exists.",
    )


class EffectSerializer(serializers.Serializer):
    threshold = serializers.FloatField(source="zone.threshold")
    grey_low = serializers.FloatField(source="zone.grey_low")
    grey_high = serializers.FloatField(source="zone.grey_high")
    cost_per_client = serializers.FloatField()
    true_positive = serializers.IntegerField(source="confusion.true_positive")
    false_positive = serializers.IntegerField(source="confusion.false_positive")
    true_negative = serializers.IntegerField(source="confusion.true_negative")
    false_negative = serializers.IntegerField(source="confusion.false_negative")
    shares = serializers.SerializerMethodField(help_text="Of the clients scored today, by advice.")

    def get_shares(self, effect: PolicyEffect) -> dict[str, float]:
        return {advice.value: share for advice, share in effect.shares.items()}


class ThresholdSimulationOutputSerializer(serializers.Serializer):
    current = EffectSerializer()
    proposed = EffectSerializer()
    grant_all_cost = serializers.FloatField()
    refuse_all_cost = serializers.FloatField()
    scored = serializers.IntegerField(help_text="Clients scored today.")
    changed = serializers.IntegerField(help_text="Of them, those whose advice would change.")


class ReasonInputSerializer(InputSerializer):
    reason = serializers.CharField(max_length=300)


class ReportSerializer(serializers.ModelSerializer):
    model_version = serializers.IntegerField(source="model_version.number")

    class Meta:
        model = MonitoringReport
        fields: tuple[str, ...] = ("id", "kind", "model_version", "parameters", "alerts", "created_at")


class ReportDetailSerializer(ReportSerializer):
    class Meta(ReportSerializer.Meta):
        fields = (*ReportSerializer.Meta.fields, "results")


class ReportInputSerializer(InputSerializer):
    kind = serializers.ChoiceField(choices=MonitoringReport.Kind.choices)
    start = DayField(required=False, default=None, allow_null=True)
    end = DayField(required=False, default=None, allow_null=True)

    def period(self) -> Period:
        return Period(self.validated_data["start"], self.validated_data["end"])
