"""Days at the ends of the calendar, and what no form of ours sends, get a sentence on the pages about clients."""

import pytest
from django.test import Client as Browser

from credit.models import Client, FicpConsultation, ReviewRequest
from pretadepenser.core.models import Job
from tests.builders.clients import a_client
from tests.builders.decisions import a_decision, a_file
from tests.builders.measured_models import a_measured_model
from tests.builders.people import Cast

pytestmark = pytest.mark.django_db
DAYS = ("9999-12-31", "2999-12-31", "1900-01-01", "0001-01-01", "0000-00-00")


@pytest.fixture
def supervisor(cast: Cast, client: Browser) -> Browser:
    client.force_login(cast.supervisor)
    return client


@pytest.mark.parametrize("day", DAYS)
def test_no_consultation_or_review_is_recorded_for_such_a_day(supervisor: Browser, cast: Cast, day: str) -> None:
    refused = a_decision(a_file(1, cast.agency, None), cast.advisor, "refused")
    grounds = {"version": 1, "consulted_on": day, "ficp_result": "clear", "save": "yes"}
    assert supervisor.post("/clients/1/decision/", grounds).status_code == 422
    assert FicpConsultation.objects.count() == 1  # that of the decision
    review = f"/clients/1/decision/{refused.pk}/review/"
    assert supervisor.post(review, {"requested_on": day}).status_code in (409, 422)
    assert not ReviewRequest.objects.exists()
    json = {"content_type": "application/json"}
    for path, body in (
        ("clients/1/ficp/", {"consulted_on": day, "result": "clear"}),
        (f"decisions/{refused.pk}/reviews/", {"requested_on": day}),
    ):
        assert supervisor.post(f"/api/v1/{path}", body, **json).status_code == 400
    assert supervisor.get("/clients/1/decision/").status_code == 200


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("field", ["start", "end"])
def test_no_report_is_requested_for_such_a_day(supervisor: Browser, field: str, day: str) -> None:
    a_measured_model()
    assert supervisor.get("/monitoring/", {field: day}).status_code == 200
    assert supervisor.post("/monitoring/drift/request/", {field: day}).status_code == 302
    body = {"kind": "drift", field: day}
    refused = supervisor.post("/api/v1/monitoring/reports/", body, content_type="application/json")
    assert refused.status_code == 400
    assert not Job.objects.exists()


@pytest.mark.parametrize("name", ["AMT_CREDIT", "DAYS_BIRTH", "CNT_CHILDREN", "NAME_CONTRACT_TYPE", "first_name"])
@pytest.mark.parametrize("shown", ["abc", "9" * 5_000, "\0", "1e999", "nan"])
def test_a_conflict_is_shown_whatever_the_form_says_it_showed(
    supervisor: Browser, cast: Cast, name: str, shown: str
) -> None:
    a_client(1, cast.agency)
    Client.objects.update(version=2)
    form = {"version": 1, "AMT_CREDIT": "1000", "last_name": "Z", f"initial-{name}": shown}
    conflict = supervisor.post("/clients/1/edit/", form)
    assert conflict.status_code == 409
    assert 'value="Z"' in conflict.content.decode()
