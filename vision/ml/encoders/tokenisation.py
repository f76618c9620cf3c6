"""Texts into numbers of pieces, by transformers' own tokenizers and files from a folder, or by bytes for the demo."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import torch
from tokenizers.pre_tokenizers import ByteLevel
from torch import Tensor
from transformers import CLIPTokenizer, PreTrainedTokenizerBase, Siglip2Tokenizer

#: CLIP's names for the pieces before and after every text.
START: Final = "<|startoftext|>"
END: Final = "<|endoftext|>"
#: A piece that ends a word is another one than the same within a word.
_WORD_END: Final = "</w>"


@dataclass(frozen=True, eq=False)
class PieceTokenizer:
    """Token ids, (T, L) int64, cut at ``length``; filled up to it, or only to the longest text."""

    tokenizer: PreTrainedTokenizerBase
    length: int
    fills_up: bool = False

    def __call__(self, texts: Sequence[str]) -> Tensor:
        encoded = self.tokenizer(
            list(texts),
            padding="max_length" if self.fills_up else "longest",
            padding_side="right",
            truncation=True,
            max_length=self.length,
        )
        return torch.tensor(encoded["input_ids"], dtype=torch.int64)


def clip_tokenizer(folder: Path, length: int) -> PieceTokenizer:
    """CLIP's tokenizer from ``vocab.json`` and ``merges.txt``, or ``tokenizer.json``."""
    return PieceTokenizer(CLIPTokenizer.from_pretrained(folder, local_files_only=True), length)


def siglip2_tokenizer(folder: Path, length: int) -> PieceTokenizer:
    """SigLIP 2's tokenizer from ``tokenizer.json``; the model was trained on texts that are all filled up."""
    return PieceTokenizer(Siglip2Tokenizer.from_pretrained(folder, local_files_only=True), length, fills_up=True)


def byte_vocabulary() -> dict[str, int]:
    """Every byte, then every byte that ends a word: the first 512 pieces of CLIP's vocabulary; then start and end."""
    letters = _letters()
    pieces = [*letters, *(letter + _WORD_END for letter in letters), START, END]
    return {piece: number for number, piece in enumerate(pieces)}


def byte_tokenizer(length: int) -> PieceTokenizer:
    """CLIP's tokenizer without merges: one piece per byte, no files needed."""
    return PieceTokenizer(CLIPTokenizer(vocab=byte_vocabulary(), merges=[]), length)


def _letters() -> list[str]:
    """The letter that stands for each byte: printable ones for themselves, then the others, as GPT-2 and CLIP do."""
    return sorted(ByteLevel.alphabet())
