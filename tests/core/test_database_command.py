import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("command", "arguments"),
    [
        ("import_home_credit", ["."]),
        ("train_model", []),
        ("register_model", ["model.txt"]),
        ("export_person", ["1", "person.json"]),
        ("create_demo_accounts", []),
    ],
)
def test_a_command_says_to_migrate_where_tables_are_missing(command: str, arguments: list[str]) -> None:
    MigrationRecorder(connection).flush()  # forgets all that was applied; undone with the test's transaction
    with pytest.raises(CommandError, match=r"python manage\.py migrate"):
        call_command(command, *arguments)
