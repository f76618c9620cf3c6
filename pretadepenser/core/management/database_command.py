"""The base class of commands that use the database."""

from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor


class DatabaseCommand(BaseCommand):
    """A command that refuses to run on missing or outdated tables and says how to migrate them."""

    requires_migrations_checks = True

    def check_migrations(self) -> None:
        """Raises CommandError, where Django would only warn and then fail at the first query."""
        executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            # Not translated: a command that may not run has no language yet.
            raise CommandError("The database is not up to date. Run: python manage.py migrate")
