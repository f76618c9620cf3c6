"""Embedded servers for the duration of one ``manage.py`` command."""

import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from pretadepenser.embedded.errors import EmbeddedError
from pretadepenser.embedded.services import services
from pretadepenser.environment import BASE_DIR, read_environment

# `up` starts the servers itself; the others use neither the database nor the queue.
WITHOUT_SERVERS = frozenset(
    {
        *("", "up", "help", "version", "--version", "startapp", "startproject", "diffsettings"),
        *(
            "makemessages",
            "compilemessages",
            "compile_translations",
            "update_translations",
            "collectstatic",
            "findstatic",
        ),
        *("generate_home_credit", "spectacular"),
    }
)


@contextmanager
def services_for_command(arguments: Sequence[str]) -> Iterator[None]:
    """Runs the embedded servers that a command needs and that have no address in the environment.

    ``arguments`` are those of ``manage.py``, the command's name first. The servers of a running ``make run`` are
    shared. Exits with a sentence when a server cannot be started or a setting is wrong.
    """
    try:
        read_environment()
        with _stopping_on_sigterm(), services(state_dir(), **missing_servers(needs_servers(arguments))):
            yield
    except (EmbeddedError, ImproperlyConfigured) as error:
        sys.exit(f"{error}")


def needs_servers(arguments: Sequence[str]) -> bool:
    """Whether a ``manage.py`` command reads or writes the database, the cache or the queue."""
    command = arguments[0] if arguments else ""
    if command in WITHOUT_SERVERS or not {"-h", "--help"}.isdisjoint(arguments):
        return False
    return command != "check" or "--database" in arguments


def state_dir() -> Path:
    """The state folder, as in settings.py."""
    return Path(os.environ.get("STATE_DIR", BASE_DIR / "var"))


def missing_servers(is_needed: bool = True) -> dict[str, bool]:
    """Which of the two servers has no address in the environment, as arguments of ``services``."""
    return {
        "with_postgresql": is_needed and not os.environ.get("DATABASE_URL"),
        "with_valkey": is_needed and not os.environ.get("REDIS_URL"),
    }


@contextmanager
def _stopping_on_sigterm() -> Iterator[None]:
    """Makes SIGTERM unwind the command like Ctrl-C, so that the servers are stopped."""
    if signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        yield
        return
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
