"""Whether trained contenders agree on an image."""

import pytest

from pretadepenser.core.charts import Chart, Series
from vision.presenters.trial import agreement_sentence


def a_ranking(title: str, *labels: str) -> Chart:
    return Chart("x", "ranking", title, "", series=[Series("", [0.5] * len(labels))], labels=labels)


@pytest.mark.parametrize(
    ("rankings", "sentence"),
    [
        ((a_ranking("VGG16", "Lamp", "Watch"),), "VGG16 predicts “Lamp”."),
        (
            (a_ranking("VGG16", "Lamp", "Watch"), a_ranking("CLIP", "Lamp", "Watch")),
            "All contenders predict “Lamp”.",
        ),
        (
            (a_ranking("VGG16", "Lamp", "Watch"), a_ranking("CLIP", "Watch", "Lamp")),
            "The contenders disagree.",
        ),
    ],
)
def test_the_sentence_says_whether_the_contenders_agree(rankings: tuple[Chart, ...], sentence: str) -> None:
    assert agreement_sentence(rankings) == sentence
