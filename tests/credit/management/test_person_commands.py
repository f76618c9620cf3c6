import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from credit.models import Client
from pretadepenser.core.models import AuditEvent
from tests.builders.clients import a_client
from tests.builders.people import Cast
from tests.builders.persons import a_known_person

pytestmark = pytest.mark.django_db


def test_a_copy_is_its_owners_alone_and_replaces_no_file(cast: Cast, tmp_path: Path) -> None:
    a_known_person(cast)
    path = tmp_path / "copy.json"
    call_command("export_person", 7, path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert json.loads(path.read_text())["file"]["client"] == 7
    with pytest.raises(CommandError):
        call_command("export_person", 7, path)
    assert AuditEvent.objects.filter(action="client.exported").count() == 1


def test_erasing_asks_for_the_number_twice(cast: Cast) -> None:
    a_client(1, cast.agency)
    with pytest.raises(CommandError):
        call_command("erase_person", 1, confirm="2", ground="request")
    call_command("erase_person", 1, confirm="1", ground="request")
    assert not Client.objects.exists()


@pytest.mark.parametrize(("name", "more"), [("export_person", ["x.json"]), ("erase_person", [])])
def test_an_unknown_client_is_said_to_be_unknown(cast: Cast, name: str, more: list[str]) -> None:
    options = {"confirm": "1", "ground": "request"} if name == "erase_person" else {}
    with pytest.raises(CommandError):
        call_command(name, 1, *more, **options)
