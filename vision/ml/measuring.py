"""What a run takes: memory at its highest, and on what it ran."""

import platform
import resource
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Final

import torch

from vision.ml.types import BenchmarkError
from vision.ml.wording import gettext_noop as _

_STATUS: Final = Path("/proc/self/status")
_FORGET: Final = Path("/proc/self/clear_refs")
_FORGET_PEAK: Final = "5"  # Source: proc_pid_clear_refs(5)


class PeakMemory:
    """The most memory taken since it was made: the device's on a GPU, the process's on a CPU.

    Where the system cannot forget an older peak of the process, that one counts.
    """

    def __init__(self, device: torch.device) -> None:
        self._device = device
        if device.type == "cuda":
            torch.cuda.reset_peak_memory_stats(device)
        else:
            try:
                _FORGET.write_text(_FORGET_PEAK)
            except OSError:
                pass

    def bytes(self) -> int:
        """The peak so far."""
        if self._device.type == "cuda":
            return torch.cuda.max_memory_allocated(self._device)
        if _STATUS.exists():
            line = next(line for line in _STATUS.read_text().splitlines() if line.startswith("VmHWM:"))
            return int(line.split()[1]) * 1024
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak if sys.platform == "darwin" else peak * 1024


def environment(device: torch.device) -> dict[str, str]:
    """Versions, device and threads: what the numbers of a run may depend on besides its settings."""
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
    """The device of a name; “auto” is the GPU where there is one. Raises BenchmarkError."""
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    if name not in ("cpu", "cuda"):
        raise BenchmarkError(_("There is no device “{name}”: choose auto, cpu or cuda."), name=name)
    if name == "cuda" and not torch.cuda.is_available():
        raise BenchmarkError(_("No NVIDIA GPU can be used here: choose the device “cpu” or “auto”."))
    return torch.device(name)
