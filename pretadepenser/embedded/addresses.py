"""The addresses of the servers in the forms that Django and Celery expect."""

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from pretadepenser.embedded.places import places

DATABASE = "app"


@dataclass(frozen=True)
class RedisAddresses:
    """A Redis server: the broker uses the database of the URL, the cache the next one."""

    url: str  # in the form of REDIS_URL
    broker_url: str
    cache_url: str
    broker_options: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Addresses:
    """The addresses of a state folder's embedded servers."""

    database_url: str
    redis: RedisAddresses


def addresses(state_dir: Path) -> Addresses:
    """The addresses of the servers embedded in ``state_dir``; touches neither servers nor files."""
    where = places(state_dir)
    # The folder goes into the query: django-environ leaves a percent-encoded host as it is.
    host = quote(str(where.sockets))
    return Addresses(
        database_url=f"postgres://{DATABASE}@/{DATABASE}?host={host}",
        redis=redis_at(f"unix://{quote(str(where.valkey_socket))}"),
    )


def redis_at(url: str) -> RedisAddresses:
    """The addresses of the server at ``url`` (``redis://``, ``rediss://`` or ``unix://``).

    Raises ValueError for another scheme or a database that is not a number.
    """
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    if parts.scheme in ("unix", "redis+socket"):
        database = int(query.pop("db", query.pop("virtual_host", "0")))

        def at(scheme: str, key: str, number: int) -> str:
            # Written out: urlunsplit() drops the two slashes before an empty host for schemes it does not know.
            return f"{scheme}://{parts.netloc}{parts.path}?{urlencode({key: number, **query})}"

        return RedisAddresses(
            url=at("unix", "db", database),
            broker_url=at("redis+socket", "virtual_host", database),
            cache_url=at("unix", "db", database + 1),
        )
    if parts.scheme not in ("redis", "rediss"):
        raise ValueError(f"REDIS_URL starts with {parts.scheme or 'nothing'}://; it takes redis, rediss or unix.")
    database = int(query.pop("db", parts.path.strip("/") or "0"))
    rest = urlencode(query)
    return RedisAddresses(
        url=url,
        broker_url=urlunsplit((parts.scheme, parts.netloc, f"/{database}", rest, "")),
        cache_url=urlunsplit((parts.scheme, parts.netloc, f"/{database + 1}", rest, "")),
    )
