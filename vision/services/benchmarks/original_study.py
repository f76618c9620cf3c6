"""The original study, launched twice: as published, and with its faults corrected."""

from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from pretadepenser.core.models import Actor
from vision.ml.original_study import PUBLISHED
from vision.ml.prompts import PromptSet
from vision.ml.types import BenchmarkConfig, SplitKind, SplitPlan
from vision.models import BenchmarkRun, ImageDataset
from vision.services.benchmarks.requests import request_benchmark

CONTENDERS: Final = tuple(row.contender for row in PUBLISHED)
#: Their small versions for a demo data set: the demo has no weights of the real ones.
DEMO_CONTENDERS: Final = ("vgg16-narrow", "clip-small-zero-shot")
#: The study's proportions: 150 test images of 1,050, a quarter of the rest for validation.
TEST_SHARE: Final = 1 / 7
VALIDATION_SHARE: Final = (1 - TEST_SHARE) / 4


@transaction.atomic
def request_original_study(
    *, dataset: ImageDataset, from_scratch: bool = False, by: Actor
) -> tuple[BenchmarkRun, BenchmarkRun]:
    """The run by the study's own protocol, and one that keeps identical images together and stratifies by class.

    Raises ApplicationError if the data set cannot be split this way.
    """
    contenders = DEMO_CONTENDERS if dataset.is_demo else CONTENDERS

    def config(split: SplitPlan) -> BenchmarkConfig:
        return BenchmarkConfig(contenders, split, from_scratch=from_scratch, prompts=PromptSet.PHOTO)

    faithful = request_benchmark(
        dataset=dataset,
        config=config(SplitPlan(SplitKind.ORIGINAL)),
        name=_("Original study"),
        kind=BenchmarkRun.Kind.ORIGINAL,
        by=by,
    )
    repaired_split = SplitPlan(validation_share=VALIDATION_SHARE, test_share=TEST_SHARE)
    repaired = request_benchmark(
        dataset=dataset,
        config=config(repaired_split),
        name=_("Original study, corrected"),
        kind=BenchmarkRun.Kind.REPAIRED,
        repairs=faithful,
        by=by,
    )
    return faithful, repaired
