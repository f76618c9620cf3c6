"""Tensors in files come back equal, and a file is never half written."""

from dataclasses import dataclass
from pathlib import Path

import pytest
import torch

from vision.ml.checkpoints import load_tensors, save_tensors


@dataclass(frozen=True)
class Card:
    name: str
    losses: tuple[float, ...]


def test_tensors_and_card_come_back_equal(tmp_path: Path) -> None:
    tensors = {"a/b": torch.randn(3, 4).T, "bits": torch.tensor([1e-45, -0.0, float("inf")]), "n": torch.tensor(7)}
    save_tensors(tmp_path / "new" / "file.safetensors", tensors, Card("été", (0.1 + 0.2,)))
    back, card = load_tensors(tmp_path / "new" / "file.safetensors", Card)
    assert back.keys() == tensors.keys()
    assert all(torch.equal(back[name], tensor) for name, tensor in tensors.items())
    assert card == Card("été", (0.1 + 0.2,))


def test_a_failed_write_leaves_the_file_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file.safetensors"
    save_tensors(path, {"a": torch.ones(2)}, Card("first", ()))
    monkeypatch.setattr("os.fsync", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        save_tensors(path, {"a": torch.zeros(2)}, Card("second", ()))
    tensors, card = load_tensors(path, Card)
    assert (tensors["a"].tolist(), card.name) == ([1.0, 1.0], "first")
    assert [file.name for file in tmp_path.iterdir()] == [path.name]
