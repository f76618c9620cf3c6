"""What-if endpoints: simulations, saved scenarios, recourse, and the score of an application that is not stored."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from credit.access import Reading, client_or_404
from credit.api.application_fields import ApplicationField
from credit.api.models import policy_or_404
from credit.api.serializers import ADVICE, OLD_NAME
from credit.ml.simulation import NO_CHANGES
from credit.models import ThresholdPolicy
from credit.selectors.policies import active_policy
from credit.selectors.simulations import saved_scenarios
from credit.services import simulations as services
from credit.services.adhoc_scores import score_application
from pretadepenser.core.api.idempotency import idempotent
from pretadepenser.core.api.inputs import InputSerializer
from pretadepenser.core.permissions import actor_of
from pretadepenser.core.roles import Permission


class SimulationInputSerializer(InputSerializer):
    scenarios = serializers.ListField(
        child=ApplicationField(), min_length=1, max_length=services.MAX_SCENARIOS, help_text="Changes by raw column."
    )


class OutcomeSerializer(serializers.Serializer):
    changes = ApplicationField()
    probability = serializers.FloatField()
    advice = serializers.ChoiceField(choices=ADVICE)
    decision = serializers.ChoiceField(choices=ADVICE, source="advice", help_text=OLD_NAME)
    contributions = serializers.DictField(
        child=serializers.FloatField(), help_text="Log-odds by feature, strongest first, without zeros."
    )


class SimulationOutputSerializer(serializers.Serializer):
    client = serializers.IntegerField()
    version = serializers.IntegerField()
    model_version = serializers.IntegerField()
    threshold = serializers.FloatField()
    before = OutcomeSerializer()
    after = OutcomeSerializer(many=True)


class ScenarioInputSerializer(InputSerializer):
    name = serializers.CharField(max_length=services.LONGEST_NAME)
    changes = ApplicationField()


class ScenarioOutputSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    version = serializers.IntegerField(source="client_version", help_text="Version of the file that was simulated.")
    model_version = serializers.IntegerField(source="model_version.number")
    changes = ApplicationField()
    probability = serializers.FloatField()
    created_at = serializers.DateTimeField()


class RecourseSerializer(serializers.Serializer):
    lever = serializers.CharField(help_text="down_payment, smaller_project or duration")
    changes = serializers.DictField(child=serializers.FloatField(), source="changes.codes")
    probability = serializers.FloatField()
    instalments = serializers.IntegerField(source="loan.count")
    total = serializers.FloatField(source="loan.total", help_text="All instalments together.")


class RecourseOutputSerializer(serializers.Serializer):
    probability = serializers.FloatField(source="before.probability")
    threshold = serializers.FloatField(source="base.policy.threshold")
    under_threshold = RecourseSerializer(
        many=True, help_text="The smallest change of each lever; empty when none is enough."
    )
    out_of_grey_zone = RecourseSerializer(many=True)


class ScoreInputSerializer(InputSerializer):
    application = ApplicationField()


class AdHocScoreSerializer(serializers.Serializer):
    probability = serializers.FloatField()
    advice = serializers.ChoiceField(choices=ADVICE)
    decision = serializers.ChoiceField(choices=ADVICE, source="advice", help_text=OLD_NAME)
    threshold = serializers.FloatField()
    model_version = serializers.IntegerField()
    completeness = serializers.FloatField(help_text="Share of the main inputs that are given.")
    contributions = serializers.DictField(child=serializers.FloatField())


class SimulationView(APIView):
    """Scenarios of one client under the model in force; only the journal is written."""

    permission = Permission.SIMULATE

    @extend_schema(request=SimulationInputSerializer, responses=SimulationOutputSerializer)
    def post(self, request: Request, client_id: int) -> Response:
        client = client_or_404(request, client_id)
        values = SimulationInputSerializer.of(request).validated_data["scenarios"]
        scenarios = [services.read_changes(changes) for changes in values]
        simulation = services.simulate(client=client, policy=active_policy(), scenarios=scenarios, by=actor_of(request))
        policy = simulation.base.policy
        output = {
            "client": client.pk,
            "version": client.version,
            "model_version": policy.model_version.number,
            "threshold": policy.threshold,
            "before": _outcome(simulation.before, policy),
            "after": [_outcome(outcome, policy) for outcome in simulation.after],
        }
        return Response(SimulationOutputSerializer(output).data)


class ScenarioListView(APIView):
    """The saved scenarios of one client, newest first; POST saves one."""

    permission = Permission.SIMULATE
    permission_to_write = Permission.SAVE_SCENARIOS

    @extend_schema(responses=ScenarioOutputSerializer(many=True))
    def get(self, request: Request, client_id: int) -> Response:
        saved = saved_scenarios(client_or_404(request, client_id, Reading.SIMULATIONS))
        return Response(ScenarioOutputSerializer(saved, many=True).data)

    @extend_schema(request=ScenarioInputSerializer, responses={201: ScenarioOutputSerializer})
    @idempotent
    def post(self, request: Request, client_id: int) -> Response:
        client, values = client_or_404(request, client_id), ScenarioInputSerializer.of(request).validated_data
        scenario = services.save_scenario(
            client=client,
            policy=active_policy(),
            name=values["name"],
            changes=services.read_changes(values["changes"]),
            by=actor_of(request),
        )
        return Response(ScenarioOutputSerializer(scenario).data, status=status.HTTP_201_CREATED)


class RecourseView(APIView):
    """The smallest change of each lever (amount, duration) that brings the score under the threshold."""

    permission = Permission.SIMULATE

    @extend_schema(responses=RecourseOutputSerializer)
    def get(self, request: Request, client_id: int) -> Response:
        client = client_or_404(request, client_id)
        search = services.find_recourse(client=client, policy=active_policy(), by=actor_of(request))
        return Response(RecourseOutputSerializer(search).data)


class AdHocScoreView(APIView):
    """The score of an application in the request, which is not stored; 400 if it is too incomplete."""

    permission = Permission.VIEW_SCORES

    @extend_schema(request=ScoreInputSerializer, responses=AdHocScoreSerializer)
    def post(self, request: Request) -> Response:
        application, policy = ScoreInputSerializer.of(request).validated_data["application"], policy_or_404()
        score = score_application(application=application, policy=policy, by=actor_of(request))
        output = {
            **_outcome(services.Outcome(NO_CHANGES, score.explanation), policy),
            "threshold": policy.threshold,
            "model_version": policy.model_version.number,
            "completeness": score.completeness,
        }
        return Response(AdHocScoreSerializer(output).data)


def _outcome(outcome: services.Outcome, policy: ThresholdPolicy) -> dict[str, object]:
    explanation = outcome.explanation
    pairs = zip(explanation.names, explanation.contributions.tolist(), strict=True)
    strongest = sorted(((name, value) for name, value in pairs if value), key=lambda pair: -abs(pair[1]))
    return {
        "changes": outcome.changes.values,
        "probability": explanation.probability,
        "advice": policy.zone.advice(explanation.probability).value,
        "contributions": dict(strongest),
    }
