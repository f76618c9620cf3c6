"""The sentences that stand for a class, as data. Importable without torch."""

from collections.abc import Mapping, Sequence, Set
from enum import StrEnum
from typing import Final
from unicodedata import normalize

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


#: What a text encoder reads of a sentence at most, in tokens besides those of start and end.
#: A word takes one token or more; the demo's tokenizer has a token per byte.
_TOKENS_READ: Final = {"clip-vit-base-patch32": 75, "siglip2-base-patch16-224": 64}
_BYTES_READ: Final = {"clip-small": 62}


def encoder_texts(
    architecture: str, prompt_set: str, classes: Sequence[str], descriptions: Mapping[str, Sequence[str]]
) -> tuple[tuple[str, ...], ...]:
    """The sentences of each class for one text encoder; raises BenchmarkError where two classes read the same to it."""
    texts = class_texts(prompt_set, classes, descriptions)
    refuse_equal([{_as_read(text, architecture) for text in sentences} for sentences in texts], classes)
    return texts


def refuse_equal(texts: Sequence[Set[object]], classes: Sequence[str]) -> None:
    """Raises BenchmarkError for two classes with the same texts: nothing can tell them apart."""
    by_texts: dict[frozenset[object], str] = {}
    for name, sentences in zip(classes, texts, strict=True):
        other = by_texts.setdefault(frozenset(sentences), name)
        if other is not name:
            raise BenchmarkError(
                _("“{a}” and “{b}” would be put into the same words: describe them differently."), a=other, b=name
            )


def cut_sentences(architecture: str, texts: Sequence[Sequence[str]]) -> list[str]:
    """The sentences whose end the text encoder certainly does not read."""
    return [text for sentences in texts for text in sentences if _as_read(text, architecture) != _words(text)]


def _words(text: str) -> str:
    return " ".join(normalize("NFC", text).casefold().split())


def _as_read(text: str, architecture: str) -> str:
    """The longest beginning of the text that the encoder may read; encoders know no case."""
    words = _words(text).split()[: _TOKENS_READ.get(architecture)]
    read, most = " ".join(words), _BYTES_READ.get(architecture)
    while most is not None and len(read.replace(" ", "").encode()) > most:
        read = read[:-1].rstrip()
    return read


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
