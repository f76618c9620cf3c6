import stat
import subprocess
import sys
from pathlib import Path

import pytest

from pretadepenser.embedded import local_secret
from tests.embedded.conftest import ROOT


def test_the_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    key = local_secret(tmp_path / "state")
    assert len(key) == 64
    assert local_secret(tmp_path / "state") == key
    assert [path.name for path in (tmp_path / "state").iterdir()] == ["secret_key"]
    assert stat.S_IMODE((tmp_path / "state" / "secret_key").stat().st_mode) == 0o600
    assert local_secret(tmp_path / "other") != key


@pytest.mark.parametrize("content", ["", "cut off", "\0" * 64, "é" * 32])
def test_a_key_that_was_cut_off_is_replaced(tmp_path: Path, content: str) -> None:
    (tmp_path / "secret_key").write_text(content)
    key = local_secret(tmp_path)
    assert len(key) == 64
    assert local_secret(tmp_path) == key


def test_processes_that_ask_at_once_get_the_same_key(tmp_path: Path) -> None:
    code = "import sys; from pretadepenser.embedded import local_secret; from pathlib import Path; "
    code += "print(local_secret(Path(sys.argv[1])))"
    asking = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    keys = {process.communicate()[0] for process in asking}
    assert keys == {local_secret(tmp_path) + "\n"}
