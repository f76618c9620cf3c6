"""Prompt sets give every class its sentences, or say which class has none."""

from unicodedata import normalize

import pytest

from vision.ml.prompts import SUGGESTED_DESCRIPTIONS, PromptSet, class_texts, cut_sentences, encoder_texts
from vision.ml.types import BenchmarkError

CLASSES = ("Watches", "Computers")


def test_names_are_the_classes_themselves() -> None:
    assert class_texts("names", CLASSES, {}) == (("Watches",), ("Computers",))


def test_photo_is_one_sentence_per_class() -> None:
    assert class_texts("photo", CLASSES, {}) == (("a photo of a Watches",), ("a photo of a Computers",))


@pytest.mark.parametrize("prompt_set", PromptSet)
def test_every_set_names_every_class_at_least_once(prompt_set: PromptSet) -> None:
    texts = class_texts(prompt_set, CLASSES, {})
    assert len(texts) == len(CLASSES)
    assert all(sentences and len(set(sentences)) == len(sentences) for sentences in texts)


def test_written_descriptions_come_before_the_suggested_ones() -> None:
    texts = class_texts("descriptions", CLASSES, {"Watches": ["a dial on a wrist"]})
    assert texts == (("a dial on a wrist",), SUGGESTED_DESCRIPTIONS["Computers"])


def test_a_class_without_description_is_named() -> None:
    with pytest.raises(BenchmarkError, match="no description: Bicycles"):
        class_texts("descriptions", ("Watches", "Bicycles"), {})


def test_an_unknown_set_is_refused_with_the_known_ones() -> None:
    with pytest.raises(BenchmarkError, match="choose names, photo, ensemble, descriptions"):
        class_texts("poems", CLASSES, {})


LONG = "a thing that is described in many more words than the small encoder ever reads"
ENCODERS = ("clip-vit-base-patch32", "siglip2-base-patch16-224", "clip-small")


@pytest.mark.parametrize("architecture", ENCODERS)
@pytest.mark.parametrize(
    ("first", "second"),
    [
        (["A watch"], ["a  WATCH"]),
        (["un bébé"], [normalize("NFD", "un bébé")]),
        (["a dial", "a strap"], ["a strap", "a dial", "a dial"]),
        (["word " * 80 + "watch"], ["word " * 80 + "computer"]),
    ],
)
def test_classes_that_an_encoder_reads_the_same_are_refused(
    architecture: str, first: list[str], second: list[str]
) -> None:
    with pytest.raises(BenchmarkError, match="“Watches” and “Computers” would be put into the same words"):
        encoder_texts(architecture, "descriptions", CLASSES, {"Watches": first, "Computers": second})


def test_a_shared_beginning_is_refused_only_to_an_encoder_that_reads_no_further() -> None:
    descriptions = {"Watches": [f"{LONG}, on a wrist"], "Computers": [f"{LONG}, on a desk"]}
    assert encoder_texts("clip-vit-base-patch32", "descriptions", CLASSES, descriptions)
    with pytest.raises(BenchmarkError, match="the same words"):
        encoder_texts("clip-small", "descriptions", CLASSES, descriptions)


def test_sentences_that_lose_their_end_are_named() -> None:
    texts = (("a watch", LONG), ("word " * 76,))
    assert cut_sentences("clip-small", texts) == [LONG, "word " * 76]
    assert cut_sentences("clip-vit-base-patch32", texts) == ["word " * 76]
    assert cut_sentences("vgg16", texts) == []


def test_the_small_encoder_reads_as_many_bytes_as_its_tokenizer() -> None:
    from vision.ml.encoders.tokenisation import byte_tokenizer

    tokenizer = byte_tokenizer(64)
    for text in ("é" * 31, "é" * 32, "a b " * 31, "a b " * 31 + "c", "L'été, n°1 & co.!? " * 5):
        assert tokenizer.cuts(text) == bool(cut_sentences("clip-small", [[text]])), text
