"""Addresses of pages about one measurement."""

from django.urls import reverse
from django.utils.http import urlencode

from vision.ml.types import Part
from vision.selectors.benchmarks import Measurement


def contender_url(shown: Measurement, part: Part = Part.TEST) -> str:
    address = reverse("vision:contender", args=[shown.first.run_id, shown.first.contender])
    return f"{address}?{urlencode(_place(shown, part))}"


def gallery_url(shown: Measurement, part: Part, true: int | None = None, predicted: int | None = None) -> str:
    """The images of a cell of the confusion matrix, or all misclassified ones."""
    query: dict[str, str | int] = {"contender": shown.first.contender, **_place(shown, part)}
    if true is not None and predicted is not None:
        query |= {"true": true, "predicted": predicted}
    return f"{reverse('vision:gallery', args=[shown.first.run_id])}?{urlencode(query)}"


def _place(shown: Measurement, part: Part) -> dict[str, str | int]:
    """Without a fold where all folds are pooled."""
    fold = {} if shown.fold is None else {"fold": shown.fold}
    return {"seed": shown.first.seed, **fold, "part": part.value}
