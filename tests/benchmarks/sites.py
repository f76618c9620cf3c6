"""A site to measure: the embedded servers of a state folder, the tables in it, and generated files."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from credit.ml.progress import ignore_progress
from demo.home_credit import generate
from pretadepenser.embedded import addresses, services


@contextmanager
def site(state: Path | None) -> Iterator[Path]:
    """Django on the servers of ``state``, as durable as the real ones; without one, on an empty database.

    Nothing may have imported Django's settings before. Servers that run already are used and left alone.
    """
    with tempfile.TemporaryDirectory(prefix="bench-site-") as name:
        folder = state or Path(name)
        os.environ.update(STATE_DIR=str(folder), DJANGO_SETTINGS_MODULE="pretadepenser.settings", LOG_LEVEL="WARNING")
        os.environ["API_RATE"] = "1000000000/min"
        with services(folder):
            where = addresses(folder)
            os.environ.update(DATABASE_URL=where.database_url, REDIS_URL=where.redis.url)
            import django

            django.setup()
            from django.core.management import call_command
            from django.db import connections

            call_command("migrate", verbosity=0)
            call_command("compile_translations", verbosity=0)
            call_command("collectstatic", interactive=False, verbosity=0)
            yield folder
            connections.close_all()


@contextmanager
def tables(folder: Path | None, clients: int) -> Iterator[Path]:
    """``folder``, or the seven tables of ``clients`` generated clients in a folder that is gone afterwards."""
    if folder is not None:
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="bench-tables-") as name:
        generate(Path(name), clients=clients, seed=1, on_progress=ignore_progress)
        yield Path(name)
