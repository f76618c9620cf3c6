"""The nearest clients and what became of them."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from credit.ml.store import NEAREST_BY
from credit.presenters.comparison.words import variable_label
from credit.selectors.peers import Neighbour
from pretadepenser.core.models import User


@dataclass(frozen=True, slots=True)
class Neighbours:
    conclusion: str
    rows: tuple[Neighbour, ...]
    limit: float  # the longest distance, for the length of bars
    compared_by: tuple[str, ...]
    is_of_one_agency: bool


def present_neighbours(found: tuple[Neighbour, ...], user: User) -> Neighbours:
    known = [each for each in found if each.defaulted is not None]
    defaulted = sum(bool(each.defaulted) for each in known)
    return Neighbours(
        conclusion=_conclusion(len(found), len(known), defaulted),
        rows=found,
        limit=max((each.distance for each in found), default=1.0),
        compared_by=tuple(variable_label(name) for name in NEAREST_BY),
        is_of_one_agency=not user.sees_every_agency,
    )


def _conclusion(found: int, known: int, defaulted: int) -> str:
    if not known:
        return _("Of none of the %(found)d nearest clients is the outcome known yet.") % {"found": found}
    sentence = ngettext(
        "Of the %(found)d nearest clients, %(known)d has a known outcome: %(defaulted)d had payment difficulties.",
        "Of the %(found)d nearest clients, %(known)d have a known outcome: %(defaulted)d had payment difficulties.",
        known,
    )
    return sentence % {"found": found, "known": known, "defaulted": defaulted}
