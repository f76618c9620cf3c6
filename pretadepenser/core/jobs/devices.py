"""The GPUs of this machine, each used by one job at a time; detected without a GPU library."""

import fcntl
import os
from pathlib import Path
from typing import Final

from django.conf import settings

DRIVER: Final = Path("/proc/driver/nvidia/gpus")  # a folder per device
DEVICES: Final = Path("/dev")  # nvidia0, nvidia1, …: for containers that hide the driver's folder


def gpus() -> tuple[int, ...]:
    """The numbers of the devices that jobs may use: JOB_GPUS, else CUDA_VISIBLE_DEVICES, else all of them."""
    if settings.JOB_GPUS is not None:
        return tuple(settings.JOB_GPUS)
    visible = os.environ.get("CUDA_VISIBLE_DEVICES")
    if visible is not None:
        return tuple(int(name) for name in visible.split(",") if name.strip().isdigit())
    return tuple(range(len(list(DRIVER.glob("*"))) or len(list(DEVICES.glob("nvidia[0-9]*")))))


def free_gpu() -> int | None:
    """An idle device; when all are busy the first one, for which the job then waits; None on a machine without GPUs.

    Reserves nothing: the process that starts on the device takes its lock, and waits if another was faster.
    """
    devices = gpus()
    return next((gpu for gpu in devices if _is_free(gpu)), devices[0] if devices else None)


def device_lock(gpu: int) -> Path:
    """The file that the process using the device keeps locked."""
    folder = Path(settings.STATE_DIR) / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"gpu-{gpu}.lock"


def _is_free(gpu: int) -> bool:
    with device_lock(gpu).open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # released when the file closes
        except BlockingIOError:
            return False
    return True
