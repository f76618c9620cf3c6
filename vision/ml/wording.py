"""English progress messages, which callers may replace by translated ones."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True)
class Wording:
    """Templates of the progress messages; each may leave out any of its placeholders.

    ``titles`` maps names of contenders to titles, by default their English ones. ``{accuracy}`` is in percent with one
    decimal after ``decimal_mark``.
    """

    weights: str = "Looking up the weights of {contender}"
    cut: str = "{contender}: the ends of {count} sentences are not read, first that of “{sentence}”"
    features: str = "{contender}: extracting image features"
    training: str = "{contender}, seed {seed}, fold {fold} of {folds}: training"
    finished: str = "{contender}, seed {seed}, fold {fold} of {folds}: test accuracy {accuracy}%"
    titles: Mapping[str, str] = field(default_factory=dict)
    decimal_mark: str = "."

    def percent(self, share: float) -> str:
        """A share in 0..1 as the number before a percent sign."""
        return f"{100 * share:.1f}".replace(".", self.decimal_mark)


ENGLISH: Final = Wording()


def gettext_noop(text: str) -> str:
    """Marks a text for translation and returns it unchanged."""
    return text
