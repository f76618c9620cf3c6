"""The GPUs of the machine, found without any GPU library, and a free one among them."""

import fcntl
from pathlib import Path

import pytest

from pretadepenser.core.jobs import devices


@pytest.fixture(autouse=True)
def _bare_machine(settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings.STATE_DIR = tmp_path / "state"
    settings.JOB_GPUS = None
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    monkeypatch.setattr(devices, "DRIVER", tmp_path / "driver")
    monkeypatch.setattr(devices, "DEVICES", tmp_path / "dev")


def test_a_machine_without_devices_has_none_to_give() -> None:
    assert devices.gpus() == ()
    assert devices.free_gpu() is None


def test_devices_are_found_where_the_driver_or_the_system_shows_them(tmp_path: Path) -> None:
    (tmp_path / "dev").mkdir()
    for name in ("nvidia0", "nvidia1", "nvidiactl", "nvidia-uvm"):
        (tmp_path / "dev" / name).touch()
    assert devices.gpus() == (0, 1)
    for name in ("0000:01:00.0", "0000:02:00.0", "0000:03:00.0"):
        (tmp_path / "driver" / name).mkdir(parents=True)
    assert devices.gpus() == (0, 1, 2)


@pytest.mark.parametrize(("visible", "expected"), [("1,3", (1, 3)), ("", ()), ("-1", ())])
def test_what_the_environment_shows_of_them_counts(
    monkeypatch: pytest.MonkeyPatch, visible: str, expected: tuple[int, ...]
) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", visible)
    assert devices.gpus() == expected


def test_the_settings_have_the_last_word(settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "0")
    settings.JOB_GPUS = [2]
    assert devices.gpus() == (2,)


def test_a_device_that_nobody_uses_is_chosen_before_one_that_is_waited_for(settings) -> None:
    settings.JOB_GPUS = [4, 5]
    assert devices.free_gpu() == 4
    with devices.device_lock(4).open("a") as four, devices.device_lock(5).open("a") as five:
        fcntl.flock(four, fcntl.LOCK_EX)
        assert devices.free_gpu() == 5
        fcntl.flock(five, fcntl.LOCK_EX)
        assert devices.free_gpu() == 4
    assert devices.free_gpu() == 4
