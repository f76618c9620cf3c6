"""What a run takes, and where it may run."""

import numpy as np
import pytest
import torch

from vision.ml.measuring import PeakMemory, choose_device, environment
from vision.ml.types import BenchmarkError

CPU = torch.device("cpu")


def test_a_peak_counts_what_was_taken_since() -> None:
    memory = PeakMemory(CPU)
    before = memory.bytes()
    block = np.ones(30_000_000)
    assert memory.bytes() >= before + block.nbytes - 50_000_000
    del block
    assert memory.bytes() > 200_000_000


def test_the_environment_is_words() -> None:
    words = environment(CPU)
    assert words["torch"] == torch.__version__.partition("+")[0] or words["torch"] == torch.__version__
    assert words["device"] == "cpu"
    assert all(isinstance(word, str) for word in words.values())


def test_auto_is_the_gpu_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert choose_device("auto") == CPU
    with pytest.raises(BenchmarkError, match="No NVIDIA GPU"):
        choose_device("cuda")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert choose_device("auto").type == "cuda"
