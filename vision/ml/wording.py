"""The benchmark speaks English: what pages translate is marked, and whoever waits may give words of their own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True)
class Wording:
    """What progress says, in the language of whoever waits. Each template may leave out any of its names.

    ``titles`` are those of contenders by their names; one that is not there keeps its English title. ``accuracy`` is
    in percent with one decimal, after ``decimal_mark``.
    """

    weights: str = "Looking for the weights of {contender}"
    features: str = "{contender}: features of the images"
    training: str = "{contender}, seed {seed}, fold {fold} of {folds}: learning"
    finished: str = "{contender}, seed {seed}, fold {fold} of {folds}: test accuracy {accuracy}%"
    titles: Mapping[str, str] = field(default_factory=dict)
    decimal_mark: str = "."

    def percent(self, share: float) -> str:
        """A share in 0..1 as the number before a percent sign."""
        return f"{100 * share:.1f}".replace(".", self.decimal_mark)


ENGLISH: Final = Wording()


def gettext_noop(text: str) -> str:
    """The text as it is; whoever collects texts for translation finds it."""
    return text
