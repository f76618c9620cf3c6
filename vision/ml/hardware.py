"""The device that a run computes on, its peak memory and its environment."""

import platform
import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Final

import torch

from vision.ml.types import BenchmarkError
from vision.ml.wording import gettext_noop as _

_STATUS: Final = Path("/proc/self/status")
_CLEAR_REFS: Final = Path("/proc/self/clear_refs")
_RESET_PEAK: Final = "5"  # Source: proc_pid_clear_refs(5)


class PeakMemory:
    """The peak memory since construction: the device's on a GPU, the process's on a CPU.

    Where the system cannot reset the process's peak, an earlier one counts.
    """

    def __init__(self, device: torch.device) -> None:
        self._device = device
        if device.type == "cuda":
            torch.cuda.reset_peak_memory_stats(device)
        else:
            try:
                _CLEAR_REFS.write_text(_RESET_PEAK)
            except OSError:
                pass

    def bytes(self) -> int:
        if self._device.type == "cuda":
            return torch.cuda.max_memory_allocated(self._device)
        if _STATUS.exists():
            line = next(line for line in _STATUS.read_text().splitlines() if line.startswith("VmHWM:"))
            return int(line.split()[1]) * 1024
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak if sys.platform == "darwin" else peak * 1024


def environment(device: torch.device) -> dict[str, str]:
    """Versions, device and threads: what a run's results may depend on besides its settings."""
    is_gpu = device.type == "cuda"
    return {
        "python": platform.python_version(),
        **{name: version(name) for name in ("torch", "torchvision", "transformers")},
        "system": f"{platform.system()} {platform.machine()}",
        "device": torch.cuda.get_device_name(device) if is_gpu else "cpu",
        "cuda": (torch.version.cuda or "") if is_gpu else "",
        "threads": str(torch.get_num_threads()),
    }


def choose_device(name: str) -> torch.device:
    """The device called “cpu” or “cuda”; “auto” is the GPU if there is one. Raises BenchmarkError."""
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    if name not in ("cpu", "cuda"):
        raise BenchmarkError(_("There is no device “{name}”: choose auto, cpu or cuda."), name=name)
    if name == "cuda" and not torch.cuda.is_available():
        raise BenchmarkError(_("No NVIDIA GPU can be used here: choose the device “cpu” or “auto”."))
    return torch.device(name)


@contextmanager
def single_thread() -> Iterator[None]:
    """Computes on one thread within the block: several take up to twenty times longer on small matrices."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
