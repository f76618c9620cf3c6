"""Peak memory, environment and device of a run."""

import numpy as np
import pytest
import torch

from vision.ml.hardware import PeakMemory, choose_device, environment
from vision.ml.types import BenchmarkError

CPU = torch.device("cpu")


def test_peak_memory_counts_from_construction() -> None:
    memory = PeakMemory(CPU)
    before = memory.bytes()
    block = np.ones(30_000_000)
    assert memory.bytes() >= before + block.nbytes - 50_000_000
    del block
    assert memory.bytes() > 200_000_000


def test_the_environment_is_text() -> None:
    values = environment(CPU)
    assert values["torch"] == torch.__version__.partition("+")[0] or values["torch"] == torch.__version__
    assert values["device"] == "cpu"
    assert all(isinstance(value, str) for value in values.values())


def test_auto_is_the_gpu_if_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert choose_device("auto") == CPU
    with pytest.raises(BenchmarkError, match="No NVIDIA GPU"):
        choose_device("cuda")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert choose_device("auto").type == "cuda"
