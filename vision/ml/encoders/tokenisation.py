"""Tokenizers of texts: those of transformers with files from a folder, or one by bytes for the demo."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import torch
from tokenizers.pre_tokenizers import ByteLevel
from torch import Tensor
from transformers import CLIPTokenizer, PreTrainedTokenizerBase, Siglip2Tokenizer

#: CLIP's tokens before and after every text.
START: Final = "<|startoftext|>"
END: Final = "<|endoftext|>"
#: Marks the tokens that end a word.
_WORD_END: Final = "</w>"


@dataclass(frozen=True, eq=False)
class TextTokenizer:
    """Token ids, (T, L) int64, truncated to ``length`` and padded to it, or only to the longest text."""

    tokenizer: PreTrainedTokenizerBase
    length: int
    pads_fully: bool = False

    def __call__(self, texts: Sequence[str]) -> Tensor:
        encoded = self.tokenizer(
            list(texts),
            padding="max_length" if self.pads_fully else "longest",
            padding_side="right",
            truncation=True,
            max_length=self.length,
        )
        return torch.tensor(encoded["input_ids"], dtype=torch.int64)

    def cuts(self, text: str) -> bool:
        """Whether the end of the text is not read."""
        return len(self.tokenizer(text)["input_ids"]) > self.length


def clip_tokenizer(folder: Path, length: int) -> TextTokenizer:
    """CLIP's tokenizer from ``vocab.json`` and ``merges.txt``, or ``tokenizer.json``."""
    return TextTokenizer(CLIPTokenizer.from_pretrained(folder, local_files_only=True), length)


def siglip2_tokenizer(folder: Path, length: int) -> TextTokenizer:
    """SigLIP 2's tokenizer from ``tokenizer.json``; the model was trained on fully padded texts."""
    return TextTokenizer(Siglip2Tokenizer.from_pretrained(folder, local_files_only=True), length, pads_fully=True)


def byte_vocabulary() -> dict[str, int]:
    """The first 512 tokens of CLIP's vocabulary, bytes within and at the end of words; then start and end."""
    letters = sorted(ByteLevel.alphabet())  # printable bytes as themselves, then the others, as in GPT-2
    tokens = [*letters, *(letter + _WORD_END for letter in letters), START, END]
    return {token: number for number, token in enumerate(tokens)}


def byte_tokenizer(length: int) -> TextTokenizer:
    """CLIP's tokenizer without merges: one token per byte, no files needed."""
    return TextTokenizer(CLIPTokenizer(vocab=byte_vocabulary(), merges=[]), length)
