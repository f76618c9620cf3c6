"""The address of a client behind proxies."""

import pytest

from pretadepenser.server import client_address


@pytest.mark.parametrize(
    ("proxies", "forwarded_for", "address"),
    [
        (0, "", "10.0.0.9"),
        (0, "203.0.113.7", "10.0.0.9"),  # nobody put it there that we trust
        (1, "", "10.0.0.9"),  # past the proxy
        (1, "203.0.113.7", "203.0.113.7"),
        (1, "6.6.6.6, 203.0.113.7", "203.0.113.7"),  # the first is the client's own words
        (2, "6.6.6.6, 203.0.113.7, 10.0.0.2", "203.0.113.7"),
        (2, "203.0.113.7", "10.0.0.9"),
    ],
)
def test_only_proxies_that_are_known_say_who_asks(proxies: int, forwarded_for: str, address: str, settings) -> None:
    settings.NUM_PROXIES = proxies
    assert client_address("10.0.0.9:41234", forwarded_for) == address


def test_an_address_of_version_six_loses_its_brackets() -> None:
    assert client_address("[2001:db8::1]:443", "") == "2001:db8::1"
