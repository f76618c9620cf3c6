"""The sentences that stand for a class, as data. Importable without torch."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final

from vision.ml.types import BenchmarkError
from vision.ml.wording import gettext_noop as _


class PromptSet(StrEnum):
    """Which sentences are put to a contender that reads texts."""

    NAMES = "names"
    PHOTO = "photo"
    ENSEMBLE = "ensemble"
    DESCRIPTIONS = "descriptions"


#: Templates of each set; {} is the class's name. Descriptions are whole sentences and need none.
TEMPLATES: Final[Mapping[PromptSet, tuple[str, ...]]] = {
    PromptSet.NAMES: ("{}",),
    PromptSet.PHOTO: ("a photo of a {}",),
    PromptSet.ENSEMBLE: (
        "a photo of a {}.",
        "a photo of {}.",
        "a product photo of {}.",
        "a catalogue picture of {}.",
        "a picture of {} on a white background.",
        "a close-up photo of {}.",
        "an article for sale in the category {}.",
        "{}, sold in an online shop.",
    ),
}

#: What an administrator starts from when describing the classes of the marketplace's sample.
SUGGESTED_DESCRIPTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "Baby Care": (
        "clothes for a baby or a small child",
        "a dress for a little girl",
        "a baby's bed sheet, towel or carrier",
        "toys and care products for babies",
    ),
    "Beauty and Personal Care": (
        "a bottle of perfume or lotion",
        "make-up, soap, shampoo or a beauty kit",
        "a hair dryer, trimmer or another tool for personal care",
    ),
    "Computers": (
        "a laptop, its charger, battery or skin",
        "a keyboard, mouse, USB gadget or cable",
        "a router, hard disk or another computer accessory",
    ),
    "Home Decor & Festive Needs": (
        "a figurine or a decorative statue",
        "a wall sticker, painting or poster",
        "a candle holder, vase, lamp or festive ornament",
    ),
    "Home Furnishing": (
        "bed sheets, blankets and pillow covers",
        "curtains hanging at a window",
        "a cushion cover, a table cloth or towels",
    ),
    "Kitchen & Dining": (
        "a coffee mug with a printed picture",
        "pots, pans, bowls and kitchen tools",
        "glasses, plates and cutlery for the table",
    ),
    "Watches": (
        "a wrist watch",
        "an analog watch with a leather or metal strap",
        "a digital watch",
    ),
}


def class_texts(
    prompt_set: str, classes: Sequence[str], descriptions: Mapping[str, Sequence[str]]
) -> tuple[tuple[str, ...], ...]:
    """The sentences of each class, in the order of ``classes``; every class has at least one.

    Only ``descriptions`` reads the mapping; a class without sentences there takes the suggested ones.
    """
    try:
        chosen = PromptSet(prompt_set)
    except ValueError:
        raise BenchmarkError(
            _("There are no prompts “{name}”: choose {known}."), name=prompt_set, known=", ".join(PromptSet)
        ) from None
    if chosen is not PromptSet.DESCRIPTIONS:
        return tuple(tuple(template.format(name) for template in TEMPLATES[chosen]) for name in classes)
    sentences = {name: tuple(descriptions.get(name) or SUGGESTED_DESCRIPTIONS.get(name, ())) for name in classes}
    missing = [name for name in classes if not sentences[name]]
    if missing:
        raise BenchmarkError(
            _("These classes have no description: {names}. Write a sentence for each."), names=", ".join(missing)
        )
    return tuple(sentences[name] for name in classes)
