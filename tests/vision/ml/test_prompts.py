"""Prompt sets give every class its sentences, or say which class has none."""

import pytest

from vision.ml.prompts import SUGGESTED_DESCRIPTIONS, PromptSet, class_texts
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
