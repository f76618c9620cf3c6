"""Jobs in the admin: who sees them, and the two buttons."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pretadepenser.core.jobs import create_job
from pretadepenser.core.models import SYSTEM, Actor, Job
from tests.builders.people import Cast
from tests.running.jobs import STEPS

pytestmark = pytest.mark.django_db


@pytest.fixture
def administration(client: Client, cast: Cast) -> Client:
    client.force_login(cast.administrator)
    client.cookies["django_language"] = "en"
    return client


def failed(**fields: object) -> Job:
    return Job.objects.create(kind="tests.steps", status="failed", finished_at=timezone.now(), **fields)


def test_only_administrators_see_jobs_there(client: Client, cast: Cast) -> None:
    for person in (cast.advisor, cast.supervisor, cast.auditor):
        client.force_login(person)
        assert client.get(reverse("admin:core_job_changelist")).status_code in (302, 403)
    client.force_login(cast.administrator)
    assert client.get(reverse("admin:core_job_changelist")).status_code == 200


def test_the_list_shows_label_and_progress_and_filters_by_kind(administration: Client, cast: Cast) -> None:
    create_job(STEPS, arguments={}, by=Actor(cast.administrator))
    Job.objects.update(progress_done=1, progress_total=4, progress_message="quarter", attempt=1)
    page = administration.get(reverse("admin:core_job_changelist"), {"kind": "tests.steps"}).content.decode()
    assert all(text in page for text in ("Steps", "25% · quarter"))
    assert "quarter" not in administration.get(reverse("admin:core_job_changelist"), {"kind": "x"}).content.decode()
    Job.objects.update(status="succeeded", started_at=timezone.now(), finished_at=timezone.now())
    page = administration.get(reverse("admin:core_job_changelist")).content.decode()
    assert "100%" in page
    assert "quarter" not in page


def test_the_list_does_not_ask_more_for_more_jobs(administration: Client, cast: Cast, django_assert_max_num_queries):
    for _ in range(8):
        create_job(STEPS, arguments={}, by=Actor(cast.administrator))
    with django_assert_max_num_queries(8):
        administration.get(reverse("admin:core_job_changelist"))


def test_the_page_of_a_job_shows_its_traceback_and_can_change_nothing(administration: Client) -> None:
    job = failed(traceback="Traceback <b>bold</b>", error="Something went wrong.")
    address = reverse("admin:core_job_change", args=[job.pk])
    page = administration.get(address).content.decode()
    assert "Traceback &lt;b&gt;bold&lt;/b&gt;" in page
    assert reverse("admin:core_job_retry", args=[job.pk]) in page
    assert reverse("admin:core_job_cancel", args=[job.pk]) not in page
    assert administration.post(address, {"status": "succeeded"}).status_code == 403
    assert administration.get(reverse("admin:core_job_add")).status_code == 403
    assert administration.post(reverse("admin:core_job_delete", args=[job.pk]), {"post": "yes"}).status_code == 403


def test_the_buttons_cancel_and_try_again(administration: Client, cast: Cast) -> None:
    job = create_job(STEPS, arguments={"client": 7}, by=Actor(cast.advisor))
    cancel = reverse("admin:core_job_cancel", args=[job.pk])
    assert administration.get(cancel).status_code == 405
    assert administration.post(cancel).status_code == 302
    job.refresh_from_db()
    assert job.status == "cancelled"
    answer = administration.post(reverse("admin:core_job_retry", args=[job.pk]))
    again = Job.objects.get(retry_of=job)
    assert answer["Location"] == reverse("admin:core_job_change", args=[again.pk])
    assert (again.arguments, again.created_by) == ({"client": 7}, cast.administrator)


def test_the_buttons_are_for_administrators(client: Client, cast: Cast) -> None:
    job = create_job(STEPS, arguments={}, by=Actor(cast.advisor))
    client.force_login(cast.auditor)
    assert client.post(reverse("admin:core_job_cancel", args=[job.pk])).status_code in (302, 403)
    job.refresh_from_db()
    assert job.status == "queued"


def test_the_actions_of_the_list_work_on_several_jobs_and_say_what_was_refused(administration: Client) -> None:
    jobs = [failed(), failed(), create_job(STEPS, arguments={}, by=SYSTEM)]
    chosen = {"_selected_action": [job.pk for job in jobs]}
    answer = administration.post(
        reverse("admin:core_job_changelist"), {"action": "retry_selected", **chosen}, follow=True
    )
    assert Job.objects.filter(retry_of__isnull=False).count() == 2
    sentences = [str(message) for message in answer.context["messages"]]
    assert any(message.startswith(f"{jobs[2].pk}: ") for message in sentences)
    administration.post(reverse("admin:core_job_changelist"), {"action": "cancel_selected", **chosen})
    assert sorted(Job.objects.filter(pk__in=chosen["_selected_action"]).values_list("status", flat=True)) == [
        "cancelled",
        "failed",
        "failed",
    ]


def test_the_progress_reloads_the_page_around_it_when_the_job_ends(administration: Client, cast: Cast) -> None:
    job = create_job(STEPS, arguments={}, by=Actor(cast.administrator))
    address, headers = reverse("core:job_progress", args=[job.pk]), {"hx-request": "true"}
    assert "HX-Refresh" not in administration.get(address, headers=headers)
    Job.objects.update(status="succeeded", finished_at=timezone.now())
    response = administration.get(address, headers=headers)
    assert (response.status_code, response["HX-Refresh"]) == (286, "true")
