"""Bodies and queries of the benchmark's endpoints."""

from rest_framework import serializers

from pretadepenser.core.api.inputs import InputSerializer
from vision.ml.contenders import ContenderSpec
from vision.ml.prompts import PromptSet
from vision.ml.types import BenchmarkConfig, SplitKind, SplitPlan
from vision.models import BenchmarkRun, ContenderResult, ImageDataset, Trial
from vision.wording import contender_title

LEAST_SHARE, LARGEST_SHARE = 0.01, 0.9


class DatasetOutputSerializer(serializers.ModelSerializer):
    images = serializers.IntegerField(source="image_count")

    class Meta:
        model = ImageDataset
        fields = ("slug", "name", "classes", "images", "source_rows", "fingerprint", "is_demo", "created_at")


class ProblemSerializer(serializers.Serializer):
    kind = serializers.CharField(help_text="missing, broken, oversized, unlabelled, duplicate, respelled or parts")
    row = serializers.IntegerField(help_text="Row of the source, from 0.")
    key = serializers.CharField(help_text="The file.")
    detail = serializers.CharField()


class DatasetDetailSerializer(DatasetOutputSerializer):
    problems = ProblemSerializer(many=True)
    descriptions = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))

    class Meta(DatasetOutputSerializer.Meta):
        fields = (  # type: ignore[assignment]  # longer than its base's
            *DatasetOutputSerializer.Meta.fields, "problems", "descriptions",
        )  # fmt: skip


class ArchiveInputSerializer(InputSerializer):
    archive = serializers.FileField(help_text="A zip: a folder per class, or a CSV file and a folder of images.")
    name = serializers.CharField(required=False, default="", allow_blank=True, max_length=80)


class ContenderSerializer(serializers.Serializer):
    name = serializers.CharField()
    title = serializers.SerializerMethodField()
    architecture = serializers.CharField()
    reads_texts = serializers.BooleanField()
    is_demo = serializers.BooleanField()

    def get_title(self, spec: ContenderSpec) -> str:
        return contender_title(spec.name)


class SplitSerializer(InputSerializer):
    kind = serializers.ChoiceField(choices=[kind.value for kind in SplitKind], default=SplitKind.STRATIFIED.value)
    seed = serializers.IntegerField(default=0, min_value=0)
    folds = serializers.IntegerField(default=5)
    validation_share = serializers.FloatField(default=0.2, min_value=LEAST_SHARE, max_value=LARGEST_SHARE)
    test_share = serializers.FloatField(default=0.2, min_value=LEAST_SHARE, max_value=LARGEST_SHARE)


class OriginalStudyInputSerializer(InputSerializer):
    dataset = serializers.SlugRelatedField(
        slug_field="slug", queryset=ImageDataset.objects.all(), help_text="The short name of the data set."
    )
    from_scratch = serializers.BooleanField(default=False)


class BenchmarkInputSerializer(OriginalStudyInputSerializer):
    """Shape only: the service checks the values."""

    name = serializers.CharField(required=False, default="", allow_blank=True, max_length=120)
    contenders = serializers.ListField(child=serializers.CharField(max_length=80), max_length=50)
    split = SplitSerializer(required=False, default=dict)
    seeds = serializers.ListField(child=serializers.IntegerField(), default=[0], max_length=50)
    epochs = serializers.IntegerField(required=False, allow_null=True, default=None)
    prompts = serializers.CharField(default=PromptSet.ENSEMBLE.value, max_length=20)

    @property
    def config(self) -> BenchmarkConfig:
        """The benchmark that valid data describe."""
        values = self.validated_data
        plan = {"kind": SplitKind.STRATIFIED, **values["split"]}
        return BenchmarkConfig(
            contenders=tuple(values["contenders"]),
            split=SplitPlan(**{**plan, "kind": SplitKind(plan["kind"])}),
            seeds=tuple(values["seeds"]),
            epochs=values["epochs"],
            prompts=values["prompts"],
            from_scratch=values["from_scratch"],
        )


class RunOutputSerializer(serializers.ModelSerializer):
    dataset = serializers.CharField(source="dataset.slug")
    job = serializers.IntegerField(source="job_id", allow_null=True)
    status = serializers.CharField(source="job.status", default=None, allow_null=True)
    repairs = serializers.IntegerField(source="repairs_id", allow_null=True)

    class Meta:
        model = BenchmarkRun
        fields = (
            "id", "name", "kind", "dataset", "status", "job", "repairs", "config", "split_hashes", "environment",
            "created_at", "finished_at",
        )  # fmt: skip


class ResultSummarySerializer(serializers.ModelSerializer):
    class Meta:
        model = ContenderResult
        fields = ("id", "contender", "seed", "fold", "test_accuracy", "weights_source")


class ResultOutputSerializer(serializers.ModelSerializer):
    class Meta:
        model = ContenderResult
        fields = (
            "id", "contender", "seed", "fold", "test_accuracy", "best_epoch", "weights_architecture", "weights_source",
            "weights_sha256", "weights_file", "weights_revision", "split_sha256", "settings", "environment", "cost",
            "curve", "evaluation",
        )  # fmt: skip


class RunDetailSerializer(RunOutputSerializer):
    results = ResultSummarySerializer(many=True)

    class Meta(RunOutputSerializer.Meta):
        fields = (*RunOutputSerializer.Meta.fields, "results")  # type: ignore[assignment]  # longer than its base's


class PairSerializer(InputSerializer):
    a = serializers.CharField(max_length=80)
    b = serializers.CharField(max_length=80)


class IntervalSerializer(serializers.Serializer):
    low = serializers.FloatField()
    high = serializers.FloatField()


class PairCountsSerializer(serializers.Serializer):
    both_right = serializers.IntegerField()
    only_a = serializers.IntegerField()
    only_b = serializers.IntegerField()
    both_wrong = serializers.IntegerField()


class PairComparisonSerializer(serializers.Serializer):
    a = serializers.CharField()
    b = serializers.CharField()
    test = serializers.CharField(help_text="mcnemar on one split, corrected_t over folds")
    pairs = PairCountsSerializer()
    difference = serializers.FloatField(help_text="a's accuracy minus b's")
    interval = IntervalSerializer()
    p = serializers.FloatField()
    p_adjusted = serializers.FloatField(help_text="Corrected for the number of pairs (Holm); decides the verdict.")
    verdict = serializers.CharField(help_text="a_better, b_better or not_shown")
    differences = serializers.ListField(child=serializers.FloatField(), help_text="One per fold.")


class PredictionSerializer(serializers.Serializer):
    position = serializers.IntegerField()
    part = serializers.CharField()
    label = serializers.IntegerField()  # type: ignore[assignment]  # hides Field.label, unused here
    probabilities = serializers.ListField(child=serializers.FloatField())


class PredictionPageSerializer(serializers.Serializer):
    count = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = PredictionSerializer(many=True)


class TrialInputSerializer(InputSerializer):
    image = serializers.FileField()


class TrialOutputSerializer(serializers.ModelSerializer):
    status = serializers.CharField(source="job.status", default=None, allow_null=True)
    classes = serializers.ListField(source="run.dataset.classes", child=serializers.CharField())
    answers = serializers.ListField(child=serializers.DictField(), help_text="Empty until a worker has them.")

    class Meta:
        model = Trial
        fields = ("id", "run", "status", "classes", "answers", "created_at")
