"""Addresses of pages about one result."""

from django.urls import reverse
from django.utils.http import urlencode

from vision.ml.types import Part
from vision.models import ContenderResult


def contender_url(result: ContenderResult, part: Part = Part.TEST) -> str:
    query = urlencode({"seed": result.seed, "fold": result.fold, "part": part.value})
    return f"{reverse('vision:contender', args=[result.run_id, result.contender])}?{query}"


def gallery_url(result: ContenderResult, part: Part, true: int | None = None, predicted: int | None = None) -> str:
    """The images of a cell of the confusion matrix, or all misclassified ones."""
    query: dict[str, str | int] = {"contender": result.contender, "seed": result.seed, "fold": result.fold}
    query["part"] = part.value
    if true is not None and predicted is not None:
        query |= {"true": true, "predicted": predicted}
    return f"{reverse('vision:gallery', args=[result.run_id])}?{urlencode(query)}"
