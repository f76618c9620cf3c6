"""docs/api.md says what happens: every command in it is sent, and every answer compared with the one that came."""

import json
import re
import shlex
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.test import Client as Browser
from django.utils import timezone

from credit.job_kinds import EXPLAIN_CLIENT
from credit.jobs.explanations import explain_client
from pretadepenser.core.models import Job
from pretadepenser.core.roles import Role
from tests.builders.benchmarks import a_dataset_with_images
from tests.builders.people import Cast, a_user
from tests.builders.simulations import World
from worker.runtime import run_job

DOCUMENT = Path(__file__).resolve().parents[2] / "docs/api.md"
FENCE = re.compile(r"^```(sh|json)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
COMMAND = re.compile(r"^(?:(?P<name>\w+)=\$\()?curl (?P<arguments>.*?)(?:\| jq -r \.(?P<field>\w+)\))?$", re.DOTALL)
START = re.compile(r"^(?=curl |\w+=\$\(curl )", re.MULTILINE)
SITE = "http://127.0.0.1:8000"


@dataclass
class Reader:
    """Somebody who follows the document with a terminal."""

    browser: Browser
    variables: dict[str, str]
    answer: object = None
    statuses: list[int] = field(default_factory=list)

    def run(self, command: str) -> None:
        parts = COMMAND.match(command.strip())
        assert parts, command
        self.answer = self._send(parts["arguments"])
        if parts["name"]:
            self.variables[parts["name"]] = str(self.answer[parts["field"]])

    def _send(self, arguments: str) -> object:
        text = re.sub(r"\$(\w+)", lambda found: self.variables[found[1]], arguments.replace("\\\n", " "))
        words = iter(shlex.split(text))
        method, body, headers, address = "", None, {}, ""
        for word in words:
            match word:
                case "-s":
                    pass
                case "-X":
                    method = next(words)
                case "-d":
                    body = next(words)
                case "-H":
                    name, _colon, value = next(words).partition(": ")
                    headers[name] = value
                case _:
                    address = word.removeprefix(SITE)
        kind = headers.pop("Content-Type", "application/json")
        method = method or ("POST" if body else "GET")
        response = self.browser.generic(method, address, body or "", content_type=kind, headers=headers)
        self.statuses.append(response.status_code)
        return response.json()


def matches(answer: object, documented: object) -> bool:
    """Whether ``answer`` has every documented name, with texts where documented; of a list the first row counts."""
    if isinstance(documented, dict) and isinstance(answer, dict):
        return all(name in answer and matches(answer[name], value) for name, value in documented.items())
    if isinstance(documented, list) and documented and isinstance(answer, list) and answer:
        return matches(answer[0], documented[0])
    return answer is None or isinstance(answer, str) == isinstance(documented, str)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("vision_dir")
def test_every_command_is_answered_as_the_document_says(client: Browser, cast: Cast, world: World) -> None:
    for name, role in (("conseiller", Role.ADVISOR), ("administrateur", Role.ADMINISTRATOR)):
        user = a_user(role, cast.agency, name)
        user.set_password("demo-2026")
        user.save()
    document = DOCUMENT.read_text().replace("produits-de-demonstration", a_dataset_with_images().slug)
    today, number = timezone.localdate().isoformat(), str(world.clients[0].pk)
    reader = Reader(client, {"SITE": SITE, "CLIENT": number, "TODAY": today})
    for kind, text in FENCE.findall(document):
        if kind == "json":
            assert matches(reader.answer, json.loads(text)), (text, reader.answer)
            continue
        for command in START.split(text)[1:]:
            reader.run(command)
            for job in Job.objects.filter(kind=EXPLAIN_CLIENT.name, status=Job.Status.QUEUED):
                run_job(job.pk, explain_client)
    assert reader.statuses == [201, 200, 200, 202, 200, 200, 200, 201, 201, 201, 202, 200, 400]
