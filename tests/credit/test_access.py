"""Who opens which file, and the event that each opening leaves."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from django.http import Http404
from django.test import Client as Browser
from django.test import RequestFactory
from django.urls import URLPattern, reverse

from credit import urls as pages
from credit.access import PAGE_LIFETIME, Reading, client_or_404, decision_or_404, file_or_404, review_or_404
from credit.api import urls as endpoints
from credit.manifest import MANIFEST
from credit.models import Explanation, Score
from pretadepenser.core.models import Actor, AuditEvent
from pretadepenser.core.roles import PERMISSIONS, Role
from pretadepenser.core.tokens import create_token
from tests.builders.decisions import a_review
from tests.builders.people import Cast
from tests.builders.populations import a_current_store
from tests.builders.simulations import World

pytestmark = pytest.mark.django_db

#: What opening an address records; the addresses that are missing here only take a POST.
READ = {
    "credit:client_file": Reading.FILE,
    "credit:reasons": Reading.REASONS,
    "credit:explanation": Reading.REASONS,
    "credit:stability": Reading.STABILITY,
    "credit:edit_client": Reading.EDITING,
    "credit:simulate": Reading.SIMULATIONS,
    "credit:levers": Reading.SIMULATIONS,
    "credit:recourse": "client.recourse_sought",
    "credit:compare": Reading.COMPARISON,
    "credit:decision": Reading.DECISIONS,
    "credit:request_review": Reading.DECISIONS,
    "credit:review": Reading.REVIEWS,
    "credit:letter": Reading.LETTER,
    "credit:letter_pdf": Reading.LETTER_PDF,
    "credit:file_journal": Reading.JOURNAL,
    "credit:person": Reading.PERSON,
    "credit:person_export": "client.exported",
    "api:client": Reading.FILE,
    "api:score": Reading.SCORE,
    "api:explanation": Reading.REASONS,
    "api:scenario_list": Reading.SIMULATIONS,
    "api:recourse": "client.recourse_sought",
    "api:comparison": Reading.COMPARISON,
    "api:ficp": Reading.FICP,
    "api:decision_list": Reading.DECISIONS,
    "api:decision_reviews": Reading.REVIEWS,
    "api:client_events": Reading.JOURNAL,
    "api:person": "client.exported",
}


def addresses_of_one_file(namespace: str, patterns: list[URLPattern]) -> Iterator[str]:
    for pattern in patterns:
        if pattern.pattern.converters.keys() & {"client_id", "decision_id", "review_id"}:
            yield f"{namespace}:{pattern.name}"


ADDRESSES = [
    *addresses_of_one_file("credit", pages.urlpatterns),
    *addresses_of_one_file("api", endpoints.urlpatterns),
]


@pytest.fixture
def numbers(world: World, cast: Cast, settings, tmp_path: Path) -> dict[str, int]:
    """Of a client about whom everything can be read: explained, refused as advised, under review, comparable."""
    settings.STATE_DIR = tmp_path
    a_current_store(world.version)
    client = Score.objects.order_by("-probability")[0].client
    Explanation.objects.create(
        client=client,
        model_version=world.version,
        base_value=-2.0,
        contributions=np.linspace(-0.1, 0.1, len(world.version.feature_names)).tobytes(),
        additivity_error=0.0,
    )
    review = a_review(client, cast.advisor)
    return {"client_id": client.pk, "decision_id": review.decision_id, "review_id": review.pk, "scenario_id": 1}


def url_of(name: str, numbers: dict[str, int]) -> str:
    patterns = pages.urlpatterns if name.startswith("credit:") else endpoints.urlpatterns
    pattern = next(pattern for pattern in patterns if pattern.name == name.partition(":")[2])
    return reverse(name, kwargs={key: numbers[key] for key in pattern.pattern.converters})


@pytest.mark.parametrize("name", ADDRESSES)
def test_opening_a_file_leaves_exactly_one_event(name: str, numbers: dict[str, int], cast: Cast) -> None:
    reader = cast.administrator if "person" in name else cast.supervisor
    key, browser = None, Browser()
    if name.startswith("api:"):
        scopes = [permission.value for permission in PERMISSIONS[Role(reader.role)]]
        key, secret = create_token(user=reader, name="Reader", scopes=scopes, days=1, by=Actor(reader))
        browser = Browser(headers={"Authorization": f"Bearer {secret}"})
    else:
        browser.force_login(reader)
    newest = AuditEvent.objects.latest("pk").pk

    response = browser.get(url_of(name, numbers))

    assert response.status_code == (200 if name in READ else 405)
    events = AuditEvent.objects.filter(pk__gt=newest)
    expected = [(READ[name], reader, key, str(numbers["client_id"]))] if name in READ else []
    assert [(event.action, event.actor, event.token, event.object_id) for event in events] == expected
    assert all(event.agency == cast.agency for event in events)


def test_the_table_names_no_address_that_is_gone() -> None:
    assert set(READ) <= set(ADDRESSES)


def test_the_journal_has_words_for_every_reading() -> None:
    assert {reading.value for reading in Reading} <= set(MANIFEST.journal_sentences)


def test_a_fragment_belongs_to_the_page_that_was_opened_within_the_hour(
    client: Browser, numbers: dict[str, int], cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(cast.supervisor)
    fragment, htmx = url_of("credit:stability", numbers), {"HX-Request": "true"}
    readings = AuditEvent.objects.filter(action=Reading.STABILITY)
    client.get(fragment, headers=htmx)
    assert readings.count() == 1, "a fragment that was asked for without its page"
    client.get(url_of("credit:client_file", numbers))
    client.get(fragment, headers=htmx)
    assert readings.count() == 1
    monkeypatch.setattr("credit.access.PAGE_LIFETIME", -PAGE_LIFETIME)
    client.get(fragment, headers=htmx)
    assert readings.count() == 2


def test_a_form_that_is_refused_and_shown_again_is_a_reading(
    client: Browser, numbers: dict[str, int], cast: Cast
) -> None:
    client.force_login(cast.supervisor)
    for name, reading in (
        ("credit:decision", Reading.DECISIONS),
        ("credit:edit_client", Reading.EDITING),
        ("credit:review", Reading.REVIEWS),
    ):
        assert client.post(url_of(name, numbers), {"AMT_CREDIT": "x"}).status_code == 422
        assert AuditEvent.objects.latest("pk").action == reading


def test_the_nearest_clients_whose_names_are_shown_are_in_the_event(
    client: Browser, numbers: dict[str, int], cast: Cast
) -> None:
    client.force_login(cast.supervisor)
    client.get(url_of("credit:compare", numbers) + "?view=nearest")
    on_page = AuditEvent.objects.latest("pk").detail["nearest"]
    client.get(url_of("api:comparison", numbers))
    by_endpoint = AuditEvent.objects.latest("pk").detail["nearest"]
    assert len(on_page) == len(by_endpoint) == 20
    assert numbers["client_id"] not in on_page


def test_a_file_of_another_agency_is_not_there(rf: RequestFactory, numbers: dict[str, int], cast: Cast) -> None:
    request = rf.get("/")
    openings = (
        lambda: client_or_404(request, numbers["client_id"], Reading.FILE),
        lambda: file_or_404(request, numbers["client_id"], Reading.FILE),
        lambda: decision_or_404(request, numbers["decision_id"]),
        lambda: review_or_404(request, numbers["review_id"]),
    )
    before = AuditEvent.objects.count()
    for opening in openings:
        request.user = cast.stranger
        with pytest.raises(Http404):
            opening()
    assert AuditEvent.objects.count() == before
    for opening in openings:
        request.user = cast.auditor
        assert opening()
