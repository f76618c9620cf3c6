"""A site to measure: embedded servers on a state folder, and generated tables."""

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
    """Django on the servers of ``state``, with production durability; without ``state``, on an empty database.

    Django's settings must not have been imported before. Servers that already run are used and left running.
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
    """``folder``, or a temporary folder with the seven tables of ``clients`` generated clients."""
    if folder is not None:
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="bench-tables-") as name:
        generate(Path(name), clients=clients, seed=1, on_progress=ignore_progress)
        yield Path(name)
