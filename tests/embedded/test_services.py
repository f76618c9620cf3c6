import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import redis
from django.core.cache.backends.redis import RedisCache
from kombu import Connection
from psycopg2.errors import UniqueViolation

from pretadepenser.embedded import EmbeddedError, addresses, services, stop_abandoned
from pretadepenser.embedded.places import places
from tests.embedded.conftest import Holder, both_answer, is_alive, pids, query


def test_the_first_start_makes_everything_and_the_last_to_leave_stops_it(state: Path) -> None:
    with services(state, is_durable=False):
        assert both_answer(state)
        running = pids(state)
    assert not any(is_alive(pid) for pid in running)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere System V's memory is small")
def test_parallel_queries_do_not_share_the_small_memory_of_a_container(filled: Path) -> None:
    with services(filled, with_valkey=False):
        assert query(filled, "SHOW dynamic_shared_memory_type") == [("sysv",)]


def test_the_servers_files_are_their_accounts_alone(filled: Path) -> None:
    where = places(filled)
    for folder in (where.home, where.sockets, where.postgresql_data, where.valkey_data):
        assert (folder.stat().st_mode & 0o777, folder.stat().st_uid) == (0o700, where.owner.pw_uid)


def test_a_statement_that_fails_leaves_none_of_its_values_in_the_log(filled: Path) -> None:
    with services(filled, with_valkey=False):
        query(filled, "CREATE TABLE person (name text PRIMARY KEY)")
        query(filled, "INSERT INTO person VALUES ('Zoé Secret')")
        with pytest.raises(UniqueViolation):
            query(filled, "INSERT INTO person VALUES ('Zoé Secret')")
    log = (places(filled).logs / "postgresql.log").read_text()
    assert "person_pkey" in log
    assert "Secret" not in log


def test_what_was_written_is_there_after_a_restart(filled: Path) -> None:
    with services(filled):
        query(filled, "CREATE TABLE kept AS SELECT 'é' AS letter")
        with Connection(addresses(filled).redis.broker_url) as broker:
            broker.SimpleQueue("kept").put("message")
    with services(filled):
        assert query(filled, "SELECT letter, upper(letter) FROM kept") == [("é", "É")]
        with Connection(addresses(filled).redis.broker_url) as broker:
            assert broker.SimpleQueue("kept").get(timeout=60).payload == "message"


def test_celery_and_the_cache_reach_one_server_in_two_databases(filled: Path) -> None:
    where = addresses(filled).redis
    with services(filled, is_durable=False), Connection(where.broker_url) as broker:
        cache = RedisCache(where.cache_url, {})
        broker.SimpleQueue("doorbell").put("ring")
        cache.clear()  # empties its own database only
        cache.set("seen", True)
        assert broker.SimpleQueue("doorbell").get(timeout=60).payload == "ring"
        assert cache.get("seen") is True
        cache._cache.get_client().connection_pool.disconnect()


def test_two_commands_at_once_share_what_one_of_them_starts(state: Path, hold: Callable[[Path], Holder]) -> None:
    first, second = hold(state), hold(state)
    assert [said(holder) for holder in (first, second)] == ["ready", "ready"]
    running = pids(state)
    leave(first)
    assert both_answer(state)
    assert pids(state) == running
    assert not stop_abandoned(state)
    leave(second)
    assert not any(is_alive(pid) for pid in running)


def test_servers_whose_user_was_killed_are_adopted_and_then_stopped(
    filled: Path, hold: Callable[[Path], Holder]
) -> None:
    holder = hold(filled)
    assert said(holder) == "ready"
    running = pids(filled)
    holder.kill()
    holder.wait()
    assert all(is_alive(pid) for pid in running)
    with services(filled, is_durable=False):
        assert pids(filled) == running
    assert not any(is_alive(pid) for pid in running)


@pytest.mark.parametrize("pause", [0.0, 0.3])
def test_a_first_start_that_is_killed_is_begun_again(state: Path, pause: float, hold: Callable[[Path], Holder]) -> None:
    holder = hold(state)
    until = time.monotonic() + 60
    while not (state / "locks").exists() and time.monotonic() < until:
        time.sleep(0.01)
    time.sleep(pause)
    holder.kill()
    holder.wait()
    with services(state, is_durable=False):
        assert both_answer(state)
    assert [path.name for path in places(state).home.glob("postgresql*")] == ["postgresql"]


def test_a_server_that_dies_is_started_again_with_its_data(filled: Path) -> None:
    with services(filled) as held:
        query(filled, "CREATE TABLE survives AS SELECT 7 AS number")
        for pid in pids(filled):
            os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not any(server.is_running() for server in held.servers))
        assert held.ensure() == ["PostgreSQL", "Valkey"]
        assert query(filled, "SELECT number FROM survives") == [(7,)]
        assert held.ensure() == []


def test_a_server_without_its_socket_is_replaced(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with services(filled, with_postgresql=False, is_durable=False):
        places(filled).valkey_socket.unlink()
        monkeypatch.setattr("pretadepenser.embedded.server.START_SECONDS", 4.0)
        with services(filled, with_postgresql=False), Connection(addresses(filled).redis.broker_url) as broker:
            broker.SimpleQueue("again").put("message")


@pytest.mark.parametrize("content", ["", "1\n", "4294967296\n/nowhere\n"])
def test_a_remnant_of_a_pid_file_is_ignored(filled: Path, content: str) -> None:
    """Pid 1 is alive and is not ours: PostgreSQL itself would refuse to start."""
    (places(filled).postgresql_data / "postmaster.pid").write_text(content)
    for lock in (filled / "locks").iterdir():
        lock.write_text(content)
    with services(filled, is_durable=False):
        assert both_answer(filled)


def test_a_queue_cut_off_by_a_crash_is_read_up_to_the_cut(filled: Path) -> None:
    with services(filled, with_postgresql=False), Connection(addresses(filled).redis.broker_url) as broker:
        broker.SimpleQueue("cut").put("message")
    newest = max((places(filled).valkey_data / "appendonlydir").glob("*.incr.aof"))
    newest.write_bytes(newest.read_bytes()[:-3])
    with services(filled):
        assert both_answer(filled)


@pytest.mark.parametrize("pattern", ["*.incr.aof", "*.base.rdb", "*.manifest"])
@pytest.mark.parametrize("content", [b"garbage\x00\xff", b"*3\r\n$3\r\nSET\r\n$-5\r\ngarbage"])
def test_a_queue_of_garbage_is_set_aside(
    filled: Path, pattern: str, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    with services(filled, with_postgresql=False):
        pass
    (file,) = (places(filled).valkey_data / "appendonlydir").glob(pattern)
    file.write_bytes(content * 50)
    with services(filled, with_postgresql=False), redis.Redis.from_url(addresses(filled).redis.url) as client:
        assert client.ping()
    aside = places(filled).home / "valkey.unreadable"
    assert (aside / "appendonlydir" / file.name).read_bytes() == content * 50
    sentence = f"could not read its queue, which was set aside in {aside}"
    assert caplog.text.count(sentence) == (places(filled).logs / "valkey.log").read_text().count(sentence) > 0
    (places(filled).logs / "valkey.log").write_text("")


def test_broken_data_are_reported_in_a_sentence_that_names_the_log(state: Path) -> None:
    with services(state, is_durable=False):
        pass
    (places(state).postgresql_data / "PG_VERSION").write_text("12\n")
    with pytest.raises(
        EmbeddedError, match=r"PostgreSQL does not start\. Its log says: .*incompatible.*\. The whole log"
    ) as caught:
        services(state, is_durable=False).__enter__()
    assert "\n" not in str(caught.value)


def said(holder: Holder) -> str:
    assert holder.stdout is not None
    return holder.stdout.readline().strip()


def leave(holder: Holder) -> None:
    _, errors = holder.communicate("leave\n", timeout=60)
    assert (holder.returncode, errors) == (0, "")


def wait_until(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.02)
