"""Verdicts claim no more than their test shows."""

import pytest
from django.utils import translation

from vision.ml.comparison import Comparison, PairedTest, Verdict
from vision.ml.statistics import Interval, PairCounts
from vision.presenters.verdicts import evidence, overall_sentence, pair_sentence, verdict_words

VGG, CLIP, PROBE = "vgg16-narrow", "clip-small-zero-shot", "clip-small-linear-probe"


def compared(a: str, b: str, verdict: Verdict = Verdict.NOT_SHOWN, **values: object) -> Comparison:
    fields = {
        "test": PairedTest.MCNEMAR,
        "pairs": PairCounts(100, 20, 8, 22),
        "difference": 0.08,
        "interval": Interval(0.013, 0.147),
        "p": 0.02,
        "p_adjusted": 0.042,
        "differences": (),
    }
    return Comparison(a=a, b=b, verdict=verdict, **{**fields, **values})


@pytest.mark.parametrize(
    ("verdict", "words", "sentence"),
    [
        (Verdict.A_BETTER, "VGG16 is more accurate", "VGG16 is more accurate than DenseNet-121."),
        (Verdict.B_BETTER, "DenseNet-121 is more accurate", "DenseNet-121 is more accurate than VGG16."),
        (
            Verdict.NOT_SHOWN,
            "difference not demonstrated",
            "The difference between VGG16 and DenseNet-121 is not demonstrated.",
        ),
    ],
)
def test_a_pair_has_a_verdict_in_words_and_in_a_sentence(verdict: Verdict, words: str, sentence: str) -> None:
    comparison = compared("vgg16", "densenet121", verdict)
    assert verdict_words(comparison) == words
    assert pair_sentence(comparison) == sentence


def test_the_evidence_of_one_split_is_mcnemars_exact_test() -> None:
    assert evidence(compared("vgg16", "densenet121")) == (
        "VGG16 minus DenseNet-121: +8.0 points (95% interval from +1.3 points to +14.7 points); McNemar's exact test "
        "on 150 images, p = 0.042."
    )


def test_the_evidence_of_folds_is_the_corrected_t_test() -> None:
    comparison = compared(
        "vgg16", "densenet121", test=PairedTest.CORRECTED_T, differences=(0.1,) * 5, p_adjusted=0.0004
    )
    assert evidence(comparison).endswith("corrected t-test over 5 folds, p < 0.001.")


@pytest.mark.parametrize(
    ("accuracies", "comparisons", "sentence"),
    [
        (
            {"vgg16": 0.814},
            [],
            "VGG16 classifies 81.4% of the test images correctly; no other contender was measured.",
        ),
        (
            {"vgg16": 0.814, "resnet50": 0.8},
            [compared("vgg16", "resnet50")],
            "The difference between VGG16 and ResNet-50 is not demonstrated.",
        ),
        (
            {"vgg16": 0.7, "resnet50": 0.9, "densenet121": 0.8},
            [
                compared("vgg16", "resnet50", Verdict.B_BETTER),
                compared("vgg16", "densenet121"),
                compared("resnet50", "densenet121", Verdict.A_BETTER),
            ],
            "ResNet-50 is the most accurate, with 90.0%; its lead over every other is demonstrated.",
        ),
        (
            {"vgg16": 0.88, "resnet50": 0.9, "densenet121": 0.89},
            [compared("vgg16", "resnet50"), compared("vgg16", "densenet121"), compared("resnet50", "densenet121")],
            "ResNet-50 has the highest accuracy, 90.0%, but its lead over VGG16 and DenseNet-121 is not demonstrated.",
        ),
        (
            {"vgg16": 0.7, "resnet50": 0.9, "densenet121": 0.89},
            [
                compared("vgg16", "resnet50", Verdict.B_BETTER),
                compared("vgg16", "densenet121", Verdict.B_BETTER),
                compared("resnet50", "densenet121"),
            ],
            "ResNet-50 has the highest accuracy, 90.0%, but its lead over DenseNet-121 is not demonstrated.",
        ),
    ],
)
def test_a_run_names_its_best_contender_and_the_leads_that_are_not_demonstrated(
    accuracies: dict[str, float], comparisons: list[Comparison], sentence: str
) -> None:
    assert overall_sentence(accuracies, comparisons) == sentence


def test_a_contender_that_is_worse_than_the_best_but_listed_first_is_still_demonstrated() -> None:
    comparisons = [compared(VGG, CLIP, Verdict.B_BETTER), compared(VGG, PROBE), compared(CLIP, PROBE, Verdict.A_BETTER)]
    with translation.override("fr"):
        sentence = overall_sentence({VGG: 0.5, CLIP: 0.9, PROBE: 0.6}, comparisons)
    assert "l’écart avec chacun des autres est démontré" in sentence
