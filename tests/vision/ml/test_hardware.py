"""Peak memory, environment and device of a run."""

import subprocess
import sys

import pytest
import torch

from vision.ml.hardware import choose_device, environment
from vision.ml.types import BenchmarkError

CPU = torch.device("cpu")


def test_peak_memory_counts_from_construction() -> None:
    # In a process of its own: that of the tests has freed pages, and the system may take others back meanwhile.
    code = (
        "import numpy as np, torch; from vision.ml.hardware import PeakMemory\n"
        "memory = PeakMemory(torch.device('cpu')); before = memory.bytes(); block = np.ones(30_000_000)\n"
        "grown = memory.bytes(); del block; print(grown - before, grown - memory.bytes())"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert int(said[0]) > 190_000_000
    assert int(said[1]) < 10_000_000  # the peak stays once the block is gone


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
