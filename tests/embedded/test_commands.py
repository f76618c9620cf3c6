import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pretadepenser.embedded import addresses, missing_servers, services_for_command
from pretadepenser.embedded.commands import needs_servers
from pretadepenser.embedded.places import places
from tests.embedded.conftest import ROOT, both_answer, is_alive, pids


@pytest.mark.parametrize(
    ("arguments", "is_needed"),
    [
        ([], False),
        (["help"], False),
        (["migrate", "--help"], False),
        (["up", "--port", "8001"], False),
        (["check"], False),
        (["check", "--database", "default"], True),
        (["generate_home_credit", "folder"], False),
        (["migrate"], True),
        (["a_command_of_tomorrow"], True),
    ],
)
def test_a_command_gets_servers_unless_it_is_known_to_need_none(arguments: list[str], is_needed: bool) -> None:
    assert needs_servers(arguments) is is_needed


def test_only_the_server_without_an_address_is_embedded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://somewhere/else")
    monkeypatch.setenv("REDIS_URL", "")
    assert missing_servers() == {"with_postgresql": False, "with_valkey": True}


def test_a_command_has_its_servers_for_as_long_as_it_runs(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STATE_DIR", str(filled))
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.delenv("REDIS_URL")
    with services_for_command(["migrate"]):
        assert both_answer(filled)
        running = pids(filled)
    assert not any(is_alive(pid) for pid in running)


def test_sigterm_stops_the_servers_of_a_command(filled: Path) -> None:
    code = "import time; from pretadepenser.embedded import services_for_command\n"
    code += "with services_for_command(['migrate']): print('ready', flush=True); time.sleep(60)"
    environment = {**os.environ, "STATE_DIR": str(filled), "DATABASE_URL": "", "REDIS_URL": ""}
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        running = pids(filled)
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 128 + signal.SIGTERM
    assert not any(is_alive(pid) for pid in running)


def test_a_server_that_cannot_start_ends_the_command_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    environment = {**os.environ, "STATE_DIR": str(tmp_path / "file" / "var"), "DATABASE_URL": "", "REDIS_URL": ""}
    ended = subprocess.run(
        [sys.executable, "manage.py", "migrate"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1
    assert ended.stderr.startswith("The state folder ")
    assert ended.stderr.count("\n") == 1


def test_the_addresses_name_the_sockets_that_the_servers_listen_on(filled: Path) -> None:
    assert str(places(filled).valkey_socket).replace(" ", "%20") in addresses(filled).redis.broker_url
