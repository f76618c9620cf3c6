"""PostgreSQL and Valkey from Python wheels, run by the site itself when no address is configured.

For development, the demo and the tests; with DATABASE_URL and REDIS_URL set nothing is started.
"""

from pretadepenser.embedded.addresses import Addresses, RedisAddresses, addresses, redis_at
from pretadepenser.embedded.commands import missing_servers, services_for_command
from pretadepenser.embedded.errors import EmbeddedError, own_files
from pretadepenser.embedded.secrets import local_secret
from pretadepenser.embedded.services import Services, services, stop_abandoned

__all__ = [
    "Addresses",
    "EmbeddedError",
    "RedisAddresses",
    "Services",
    "addresses",
    "local_secret",
    "missing_servers",
    "own_files",
    "redis_at",
    "services",
    "services_for_command",
    "stop_abandoned",
]
