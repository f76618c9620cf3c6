"""Drawn requests to all forms and endpoints: never a 5xx, never an answer that the OpenAPI document does not promise.

``make fuzz REQUESTS=100000 SEED=1`` sends more than the test suite does. Each request is rolled back, so that number n
of a seed can be sent again alone.
"""

import os
import traceback
from collections import Counter
from dataclasses import asdict
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client as Browser
from rest_framework.throttling import SimpleRateThrottle

from credit.ml.application import COLUMNS
from credit.models import Score
from pretadepenser.core.models import Job
from tests.builders.benchmarks import a_readable_run
from tests.builders.decisions import a_consultation, a_decision, a_review
from tests.builders.images import an_image
from tests.builders.measured_models import a_card, a_drift_report, a_group_report, keep_out_of_fold, out_of_fold
from tests.builders.people import Cast
from tests.builders.populations import a_current_store
from tests.builders.simulations import World
from tests.fuzz.document import Document
from tests.fuzz.pages import Pages
from tests.fuzz.values import Draw
from vision.models import Trial
from vision.selectors.datasets import trial_cache

REQUESTS = int(os.environ.get("FUZZ_REQUESTS", "2000"))
SEED = int(os.environ.get("FUZZ_SEED", "8"))
ROLES = ("administrator", "administrator", "supervisor", "supervisor", "auditor", "advisor")


@pytest.fixture
def known(world: World, cast: Cast, vision_dir: Path) -> dict[str, list[str]]:
    """Values of the arguments of addresses, on a site where each exists."""
    world.version.card = asdict(a_card(world.version.sha256))
    world.version.save()
    keep_out_of_fold(world.version, out_of_fold())
    drift = a_drift_report(world.version)
    a_group_report(world.version, 0.1)
    a_current_store(world.version)
    consulted, *others, reviewed = [score.client for score in Score.objects.order_by("probability")]
    review, waiting = a_review(reviewed, cast.advisor), a_decision(others[-1], cast.advisor, "granted", "x")
    a_consultation(consulted, cast.advisor)
    job = Job.objects.create(kind="credit.train_model", created_by=cast.advisor)
    run = a_readable_run()
    trial = Trial.objects.create(run=run, sha256=trial_cache().add(an_image()), created_by=cast.supervisor)
    clients = [str(client.pk) for client in (reviewed, others[-1], consulted, *others[:4])]
    return {
        "client_id": clients,
        "decision_id": [str(review.decision_id), str(waiting.pk)],
        "review_id": [str(review.pk)],
        "job_id": [str(job.pk)],
        "report_id": [str(drift.pk)],
        "number": ["1"],
        "run_id": [str(run.pk)],
        "result_id": [str(result.pk) for result in run.results.all()],
        "trial_id": [str(trial.pk)],
        "contender": ["vgg16-narrow"],
        "slug": [run.dataset.slug],
        "sha256": [run.dataset.images.first().sha256],
        "object_id": [str(pk) for pk in (cast.advisor.pk, job.pk, run.pk, world.version.pk, cast.agency.pk)],
        "id": [str(cast.advisor.pk)],
        "pk": [str(pk) for pk in (job.pk, run.pk, run.dataset_id, world.version.pk)],
        "column": list(COLUMNS),
    }


@pytest.mark.django_db
@pytest.mark.slow
def test_drawn_requests_get_an_answer_that_is_ours(
    known: dict[str, list[str]], cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SimpleRateThrottle, "THROTTLE_RATES", {"user": None, "anon": None})
    browsers = {role: Browser() for role in ROLES}
    for role, browser in browsers.items():
        browser.force_login(getattr(cast, role))
    cookies = {role: browser.cookies.output(header="") for role, browser in browsers.items()}
    pages, document = Pages(known, {role: browsers[role] for role in ("administrator", "supervisor")}), Document(known)
    faults: dict[str, str] = {}
    statuses: Counter[int] = Counter()
    for number in range(REQUESTS):
        draw, browser = Draw(f"{SEED}/{number}"), Browser()
        # Those of a fresh sign-in: a request may end a session, or lead to a pause.
        browser.cookies = SimpleCookie(cookies[draw.choice(ROLES)])
        if number % 500 == 0:
            cache.clear()
        with transaction.atomic():
            try:
                sender = pages if draw.random() < 0.5 else document
                words, response, broken = sender.send(browser, draw)
                statuses[response.status_code] += 1
                fault = broken or (f"status {response.status_code}" if response.status_code >= 500 else "")
            except Exception as error:
                words, fault = "", described(error)
            transaction.set_rollback(True)
        if fault:
            faults.setdefault(fault, f"request {number}: {words}")
    print(f"{REQUESTS} requests with seed {SEED}: {dict(sorted(statuses.items()))}")
    assert not faults, "\n".join(f"{fault}\n    {words}" for fault, words in faults.items())


def described(error: Exception) -> str:
    """The error and where it was raised; the same fault has the same description."""
    frames = reversed(traceback.extract_tb(error.__traceback__)[-6:])
    places = " < ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames)
    return f"{type(error).__name__}: {str(error)[:200]} at {places}"
