"""How much of what matters a file says, and what it does not."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil

from django.conf import settings
from django.utils.translation import gettext as _

from credit.language import localized
from credit.ml.application import RawValue
from credit.ml.catalogue import describe
from credit.ml.inputs import MAIN_INPUTS


@dataclass(frozen=True, slots=True)
class CompletenessView:
    """Of ``total`` main inputs how many are given and how many a score needs; ``missing`` are labels."""

    given: int
    total: int
    needed: int
    missing: tuple[str, ...]

    @property
    def is_enough(self) -> bool:
        return self.given >= self.needed

    @property
    def sentence(self) -> str:
        words = {"given": self.given, "total": self.total, "needed": self.needed}
        if self.is_enough:
            return _("Main inputs given: %(given)d of %(total)d, enough for a score.") % words
        sentence = _(
            "Main inputs given: %(given)d of %(total)d. Below %(needed)d no score is computed: it would mean little."
        )
        return sentence % words


def present_completeness(application: Mapping[str, RawValue]) -> CompletenessView:
    """``application`` by raw columns; those it does not name are blank."""
    missing = [name for name in MAIN_INPUTS if _is_blank(application.get(name))]
    total = len(MAIN_INPUTS)
    return CompletenessView(
        given=total - len(missing),
        total=total,
        needed=ceil(settings.COMPLETENESS_FLOOR * total - 1e-9),
        missing=tuple(localized(describe(name).label) for name in missing),
    )


def _is_blank(value: RawValue) -> bool:
    return value is None or value == "" or value != value  # NaN equals nothing
