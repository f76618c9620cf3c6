"""The card of a model trained elsewhere: checked, and completed with defaults."""

import logging
from collections.abc import Mapping, Sequence
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from credit.ml.advice import Zone
from credit.ml.card import Limit, ModelCard
from credit.ml.records import InvalidRecord, from_json, read_json
from pretadepenser.core.errors import ApplicationError

logger = logging.getLogger(__name__)

#: The default grey zone: where a cost ratio of 8 or 12 to 1 would decide otherwise than 10 to 1. The company's ratio
#: is a round number; a person should look at files that are decided by that rounding alone.
ODDS_BELOW: Final = 10 / 12
ODDS_ABOVE: Final = 10 / 8
_LONGEST_SHOWN: Final = 80
_JSON_SENTENCES: Final = {
    "too_large": gettext_lazy("it has more than 10 MB"),
    "not_json": gettext_lazy("it is not JSON"),
    "too_deep": gettext_lazy("its objects and lists are nested too deeply"),
    "duplicate_name": gettext_lazy("%(field)s occurs twice in one object"),
    "number": gettext_lazy("the number at %(field)s is too large or not finite"),
    "text": gettext_lazy("the text at %(field)s holds a NUL or an incomplete character"),
}
_ZONE_FIELDS: Final = ("threshold", "grey_low", "grey_high")


def card_payload(content: bytes) -> object:
    """The JSON of a card's file; raises ApplicationError."""
    try:
        return read_json(content)
    except InvalidRecord as error:
        logger.warning("A card was refused: %s", error)
        raise _unusable(_JSON_SENTENCES[error.detail] % {"field": _shortened(error.field)}) from error


def read_card(payload: object, *, sha256s: Sequence[str]) -> tuple[ModelCard, Zone]:
    """The card and the threshold of a registered model; ``{}`` is an empty card.

    ``sha256s`` are the checksums that the card may name, the model's first: its file can have other line ends.

    ``threshold`` may be a number, or an object with ``threshold`` and maybe ``grey_low`` and ``grey_high``, or all
    that our own cards hold. Left out, it is the analytic threshold of the card's costs (1/11 for ten to one).
    Raises ApplicationError naming the field.
    """
    if not isinstance(payload, Mapping):
        raise _unusable(_("it must be a JSON object"))
    fields = dict(payload)
    for name in ("sha256", "model_sha256"):
        claimed = fields.pop(name, sha256s[0])
        if claimed not in sha256s:
            sentence = _("%(field)s is %(given)s but the model's is %(found)s: this card belongs to another model")
            raise _unusable(sentence % {"field": name, "given": _shortened(claimed), "found": sha256s[0]})
    zone = _card_zone(fields)
    limits = fields.pop("limits", [])
    if isinstance(limits, list) and Limit.TRAINED_ELSEWHERE.value not in limits:
        limits = [*limits, Limit.TRAINED_ELSEWHERE.value]
    try:
        card = from_json(ModelCard, {**fields, "limits": limits, "model_sha256": sha256s[0]})
    except InvalidRecord as error:
        logger.warning("A card was refused: %s", error)
        raise _unusable(
            _("%(field)s does not have the form of our cards") % {"field": _shortened(error.field)}
        ) from error
    return card, _zone(card, zone)


def _card_zone(fields: dict[str, object]) -> dict[str, object]:
    """The threshold and the zone of the card, taken out of ``fields`` unless they are part of a complete choice."""
    choice = fields.get("threshold")
    if not isinstance(choice, Mapping):
        choice = {"threshold": choice}
    if set(choice) <= set(_ZONE_FIELDS):
        fields.pop("threshold", None)
    return {name: choice[name] for name in _ZONE_FIELDS if choice.get(name) is not None}


def _zone(card: ModelCard, given: Mapping[str, object]) -> Zone:
    if card.costs.false_negative <= 0 or card.costs.false_positive <= 0:
        raise _unusable(_("costs must be above 0"))
    values = {name: _probability(name, value) for name, value in given.items()}
    threshold = values.get("threshold", card.costs.analytic_threshold)
    try:
        return Zone(
            threshold=threshold,
            grey_low=values.get("grey_low", moved_threshold(threshold, ODDS_BELOW)),
            grey_high=values.get("grey_high", moved_threshold(threshold, ODDS_ABOVE)),
        )
    except ValueError as error:
        raise _unusable(_("grey_low, threshold and grey_high must rise in this order")) from error


def _probability(name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise _unusable(_("%(field)s must be a number between 0 and 1") % {"field": name})
    return float(value)


def moved_threshold(threshold: float, ratio: float) -> float:
    """The threshold whose odds are ``ratio`` times those of ``threshold``."""
    odds = ratio * threshold
    return odds / (1 - threshold + odds)


def _shortened(value: object) -> str:
    text = str(value)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


def _unusable(reason: str) -> ApplicationError:
    return ApplicationError(_("The card cannot be used: %(reason)s.") % {"reason": reason}, field="card")
