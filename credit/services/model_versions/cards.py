"""The card of a model trained elsewhere: checked, and completed with defaults."""

import json
import logging
from collections.abc import Mapping
from dataclasses import asdict
from typing import Final

from django.utils.translation import gettext as _

from credit.ml.advice import Zone
from credit.ml.card import Limit, ModelCard
from credit.ml.records import InvalidRecord, from_json
from pretadepenser.core.errors import ApplicationError

logger = logging.getLogger(__name__)

#: The default grey zone: where a cost ratio of 8 or 12 to 1 would decide otherwise than 10 to 1. The company's ratio
#: is a round number; a person should look at files that are decided by that rounding alone.
ODDS_BELOW: Final = 10 / 12
ODDS_ABOVE: Final = 10 / 8
_ZONE_FIELDS: Final = ("threshold", "grey_low", "grey_high")


def read_card(payload: object, *, sha256: str) -> tuple[ModelCard, Zone]:
    """The card and the threshold of a registered model; ``{}`` is an empty card.

    ``threshold`` may be a number, or an object with ``threshold`` and maybe ``grey_low`` and ``grey_high``, or all
    that our own cards hold. Left out, it is the analytic threshold of the card's costs (1/11 for ten to one).
    Raises ApplicationError naming the field.
    """
    if not isinstance(payload, Mapping):
        raise _unusable(_("it must be a JSON object"))
    fields = dict(payload)
    for name in ("sha256", "model_sha256"):
        claimed = fields.pop(name, sha256)
        if claimed != sha256:
            sentence = _("%(field)s is %(given)s but the model's is %(found)s: this card belongs to another model")
            raise _unusable(sentence % {"field": name, "given": claimed, "found": sha256})
    zone = _card_zone(fields)
    limits = fields.pop("limits", [])
    if isinstance(limits, list) and Limit.TRAINED_ELSEWHERE.value not in limits:
        limits = [*limits, Limit.TRAINED_ELSEWHERE.value]
    try:
        card = from_json(ModelCard, {**fields, "limits": limits, "model_sha256": sha256})
    except InvalidRecord as error:
        logger.warning("A card was refused: %s", error)
        raise _unusable(_("%(field)s does not have the form of our cards") % {"field": error.field}) from error
    _check_storable(card)
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


def _check_storable(card: ModelCard) -> None:
    """Refuses what PostgreSQL's JSON cannot hold."""
    try:
        text = json.dumps(asdict(card), allow_nan=False)
    except ValueError as error:
        raise _unusable(_("a number is not finite")) from error
    if "\\u0000" in text:
        raise _unusable(_("a text holds a NUL character"))


def _unusable(reason: str) -> ApplicationError:
    return ApplicationError(_("The card cannot be used: %(reason)s.") % {"reason": reason}, field="card")
