"""Our tokens beside those of the libraries they come from."""

import pytest
import torch
from transformers import CLIPTokenizer

from tests.builders.image_datasets import WEIGHTS_FOLDER, needs_real_weights
from vision.ml.encoders.tokenisation import byte_tokenizer, byte_vocabulary, clip_tokenizer

ODD = [
    "",
    " ",
    "A PHOTO of a Cat",
    "naïve café — “façade” ½ 10€",
    "don't, can't we've I'm they'll he'd",
    "12345 3.14 1,000",
    "tab\tand\nnew   line",
    "日本語 العربية русский",
    "🙂👩‍👩‍👧 emoji",
    "<|endoftext|> within",
    "&amp; <b>html</b> http://example.org/?q=1",
    "e\u0301 and \u00e9",
    "x" * 400,
    "word " * 200,
]


@pytest.mark.real_data
@needs_real_weights
def test_the_real_vocabulary_makes_the_published_numbers() -> None:
    tokens = clip_tokenizer(WEIGHTS_FOLDER, 77)(["a photo of a cat"])
    assert tokens.tolist() == [[49406, 320, 1125, 539, 320, 2368, 49407]]


@pytest.mark.real_data
@needs_real_weights
def test_odd_texts_are_cut_into_the_pieces_that_transformers_cuts() -> None:
    ours = clip_tokenizer(WEIGHTS_FOLDER, 77)
    theirs = CLIPTokenizer.from_pretrained(WEIGHTS_FOLDER)
    for text in ODD:
        expected = theirs(text, truncation=True, max_length=77)["input_ids"]
        assert ours([text]).tolist() == [expected], text
    together = ours(ODD)
    assert together.shape == (len(ODD), 77)
    assert (
        together == theirs(ODD, padding=True, truncation=True, max_length=77, return_tensors="pt")["input_ids"]
    ).all()


@pytest.mark.real_data
@needs_real_weights
def test_our_bytes_are_the_first_pieces_of_the_real_vocabulary() -> None:
    real = CLIPTokenizer.from_pretrained(WEIGHTS_FOLDER).get_vocab()
    ours = byte_vocabulary()
    assert {piece: number for piece, number in real.items() if number < 512} == {
        piece: number for piece, number in ours.items() if number < 512
    }


def test_every_text_can_be_cut_into_bytes() -> None:
    tokens = byte_tokenizer(64)(ODD)
    assert tokens.shape == (len(ODD), 64)
    assert tokens.max() < len(byte_vocabulary())
    assert (tokens[:, 0] == 512).all()
    assert ((tokens == 513).sum(1) >= 1).all()
    lowered, upper = byte_tokenizer(64)(["Lamp é"]), byte_tokenizer(64)(["lamp É"])
    assert torch.equal(lowered, upper)
    assert lowered.shape == (1, 2 + 4 + 2)  # é is two bytes
