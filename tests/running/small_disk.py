"""A disk that is full, and that gets room: a tmpfs where one may be mounted, a limit on file sizes elsewhere."""

import os
import resource
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOM = 64 << 10


@dataclass(frozen=True)
class SmallDisk:
    """``folder`` has 64 KB until ``get_room()``."""

    folder: Path
    is_mounted: bool

    def get_room(self) -> None:
        if self.is_mounted:
            subprocess.run(["mount", "-o", "remount,size=500m", self.folder], check=True)
        else:
            _limit(resource.getrlimit(resource.RLIMIT_FSIZE)[1])


@pytest.fixture
def small_disk(settings, tmp_path: Path) -> Iterator[SmallDisk]:
    """The disk of the site's state folder."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", folder]
    is_mounted = os.geteuid() == 0 and subprocess.run(mount, capture_output=True, check=False).returncode == 0
    if not is_mounted:
        _limit(ROOM)
    settings.STATE_DIR = folder
    settings.JOB_WORK_DIR = folder / "jobs"
    settings.VISION_DIR = folder / "vision"
    yield SmallDisk(folder, is_mounted)
    if is_mounted:
        subprocess.run(["umount", "--lazy", folder], check=True)
    else:
        _limit(resource.getrlimit(resource.RLIMIT_FSIZE)[1])


def _limit(size: int) -> None:
    """Limits the size of files that this process and its children write."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
