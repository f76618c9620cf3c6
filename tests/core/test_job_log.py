"""The log of a job on the pages that show it."""

import pytest
from django.test import Client as Browser
from django.urls import reverse

from pretadepenser.core.models import Job
from tests.builders.people import Cast

pytestmark = pytest.mark.django_db


def test_the_log_is_shown_newest_first_wherever_the_progress_is(client: Browser, cast: Cast) -> None:
    log = [{"at": f"2026-11-22T10:0{minute}:00+00:00", "text": f"stage {minute}"} for minute in range(3)]
    job = Job.objects.create(kind="tests.steps", created_by=cast.administrator, log=log)
    client.force_login(cast.administrator)

    for page in ("core:job_detail", "core:job_progress", "admin:core_job_change"):
        page_text = client.get(reverse(page, args=[job.pk])).content.decode()
        assert -1 < page_text.index("stage 2") < page_text.index("stage 1") < page_text.index("stage 0")
        assert f'hx-get="{reverse("core:job_progress", args=[job.pk])}"' in page_text
