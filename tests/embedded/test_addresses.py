from pathlib import Path

import environ
import pytest

from pretadepenser.embedded import addresses, redis_at


def test_the_database_address_is_read_back_by_the_settings() -> None:
    state = Path("/srv/a state folder, with 100% of + signs")
    config = environ.Env.db_url_config(addresses(state).database_url)
    assert config["NAME"] == config["USER"] == "app"
    assert config["OPTIONS"] == {"host": str(state / "services/run")}


def test_computing_addresses_writes_nothing(tmp_path: Path) -> None:
    addresses(tmp_path / "state")
    assert list(tmp_path.iterdir()) == []


def test_a_path_spelled_in_two_ways_is_one_address(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "state")
    assert addresses(tmp_path / "link") == addresses(tmp_path / "other" / ".." / "state")


@pytest.mark.parametrize(
    ("url", "broker", "cache"),
    [
        ("redis://host:6379", "redis://host:6379/0", "redis://host:6379/1"),
        ("redis://:p%40ss@host/3", "redis://:p%40ss@host/3", "redis://:p%40ss@host/4"),
        ("redis://host?db=2", "redis://host/2", "redis://host/3"),
        (
            "rediss://host/0?ssl_cert_reqs=none",
            "rediss://host/0?ssl_cert_reqs=none",
            "rediss://host/1?ssl_cert_reqs=none",
        ),
        ("unix:///run/r.sock", "redis+socket:///run/r.sock?virtual_host=0", "unix:///run/r.sock?db=1"),
        ("unix://:pw@/run/r.sock?db=4", "redis+socket://:pw@/run/r.sock?virtual_host=4", "unix://:pw@/run/r.sock?db=5"),
        ("redis+socket:///r.sock?virtual_host=2", "redis+socket:///r.sock?virtual_host=2", "unix:///r.sock?db=3"),
    ],
)
def test_one_url_gives_the_broker_and_the_next_database_for_the_cache(url: str, broker: str, cache: str) -> None:
    found = redis_at(url)
    assert (found.broker_url, found.cache_url) == (broker, cache)
    assert redis_at(found.url) == found


def test_another_scheme_is_refused() -> None:
    with pytest.raises(ValueError, match="it takes redis, rediss or unix"):
        redis_at("http://host")
