import pytest
from django.utils.translation import override

from credit.presenters.stability import present_stability
from credit.selectors.stability import FoldSpread


@pytest.mark.parametrize(
    ("score", "probabilities", "verdict", "part", "is_stable"),
    [
        (0.06, (0.05, 0.08), "The score is stable.", "5.0% and 8.0%, all below the threshold.", True),
        (0.17, (0.12, 0.15), "The score is stable.", "12.0% and 17.0%, all at or above the threshold.", True),
        (0.08, (0.05, 0.09, 0.12), "The score is not stable.", "both sides of the threshold: 2 of them", False),
        (0.1, (0.05, 0.08), "The score is not stable.", "5.0% and 10.0%, on both sides of the threshold: 1 of", False),
        (
            0.07,
            (0.05,),
            "The stability of the score is not known.",
            "one validation model alone, which gives 5.0%",
            False,
        ),
    ],
)
def test_the_spread_in_whole_sentences(
    score: float, probabilities: tuple[float, ...], verdict: str, part: str, is_stable: bool
) -> None:
    with override("en"):
        view = present_stability(FoldSpread(score, probabilities, threshold=0.09))
    assert (view.verdict, view.is_stable) == (verdict, is_stable)
    assert part in view.sentence
