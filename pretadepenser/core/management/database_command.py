"""What our commands that use the database have in common."""

from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor


class DatabaseCommand(BaseCommand):
    """A command that says what to do where the tables are missing or are those of an earlier program."""

    requires_migrations_checks = True

    def check_migrations(self) -> None:
        """Raises CommandError where Django itself only warns, and then fails at the first query."""
        executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            # Never translated: the languages of the site are not set up for a command that may not run.
            raise CommandError("The database is not up to date. Run: python manage.py migrate")
