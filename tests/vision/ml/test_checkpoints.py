"""Tensors in files come back equal, and a file is never half written."""

from pathlib import Path

import pytest
import torch

from vision.ml.checkpoints import load_tensors, save_tensors


def test_tensors_and_card_come_back_equal(tmp_path: Path) -> None:
    tensors = {"a/b": torch.randn(3, 4).T, "bits": torch.tensor([1e-45, -0.0, float("inf")]), "n": torch.tensor(7)}
    save_tensors(tmp_path / "new" / "file.safetensors", tensors, {"curve": [{"loss": 0.1 + 0.2}], "name": "été"})
    back, card = load_tensors(tmp_path / "new" / "file.safetensors")
    assert back.keys() == tensors.keys()
    assert all(torch.equal(back[name], tensor) for name, tensor in tensors.items())
    assert card == {"curve": [{"loss": 0.1 + 0.2}], "name": "été"}


def test_a_failed_write_leaves_the_file_before(tmp_path: Path) -> None:
    path = tmp_path / "file.safetensors"
    save_tensors(path, {"a": torch.ones(2)}, {"epoch": 1})
    with pytest.raises(TypeError):
        save_tensors(path, {"a": torch.zeros(2)}, {"epoch": object()})
    tensors, card = load_tensors(path)
    assert (tensors["a"].tolist(), card) == ([1.0, 1.0], {"epoch": 1})
