"""A file changes while a job computes with its old features: the score that stays is never the old one."""

import threading
from collections.abc import Callable

import numpy as np
import pytest
from django.db import connection

from credit.job_kinds import EXPLAIN_CLIENT
from credit.jobs import portfolio_explanations, scoring
from credit.jobs.explanations import explain_client
from credit.jobs.portfolio_explanations import explain_portfolio
from credit.jobs.results import write_explanations, write_scores
from credit.jobs.scoring import score_portfolio
from credit.ml.features import feature_names
from credit.models import Explanation, Score
from credit.selectors.features import client_features
from credit.services.clients import edit_client
from credit.services.explanations import request_portfolio_explanation
from credit.services.feature_sets import refresh_population
from credit.services.scores import held_rows, request_scoring
from pretadepenser.core.models import SYSTEM, Actor, Job
from tests.builders.people import Cast
from tests.builders.simulations import World
from tests.running.jobs import after

pytestmark = pytest.mark.django_db(transaction=True)

BODIES = {
    "score": (scoring, "write_scores", write_scores, score_portfolio, request_scoring, Score),
    "explain": (
        portfolio_explanations,
        "write_explanations",
        write_explanations,
        explain_portfolio,
        request_portfolio_explanation,
        Explanation,
    ),
}
each_job = pytest.mark.parametrize("kind", BODIES)


def changing(world: World, cast: Cast) -> threading.Thread:
    """Somebody who changes the first client's file, on a connection of their own."""

    def change() -> None:
        try:
            edit_client(
                client=world.clients[0],
                version=1,
                application={"AMT_CREDIT": 111_000.0},
                person={},
                by=Actor(cast.advisor),
            )
        finally:
            connection.close()

    thread = threading.Thread(target=change)
    thread.start()
    return thread


def once(action: Callable[[], None], then: Callable[..., object]) -> Callable[..., object]:
    """``then``, before whose first call ``action`` is done."""
    is_done = False

    def wrapped(*args: object) -> object:
        nonlocal is_done
        if not is_done:
            is_done = True
            action()
        return then(*args)

    return wrapped


@each_job
def test_what_follows_from_replaced_features_is_not_written(
    world: World, cast: Cast, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    refresh_population(feature_set=world.version.feature_set)
    module, _name, _write, body, request, model = BODIES[kind]
    monkeypatch.setattr(module, "held_rows", once(lambda: changing(world, cast).join(), held_rows))
    assert after(request(model_version=world.version, by=SYSTEM), body).status == "succeeded"
    written = model.objects.filter(model_version=world.version).values_list("client", flat=True)
    assert set(written) == {client.pk for client in world.clients[1:]}


@each_job
def test_a_change_waits_for_what_is_being_written_and_then_removes_it(
    world: World, cast: Cast, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    refresh_population(feature_set=world.version.feature_set)
    module, name, write, body, request, model = BODIES[kind]
    changes: list[threading.Thread] = []

    def change_meanwhile() -> None:
        changes.append(changing(world, cast))
        changes[0].join(timeout=0.5)
        assert changes[0].is_alive()

    monkeypatch.setattr(module, name, once(change_meanwhile, write))
    assert after(request(model_version=world.version, by=SYSTEM), body).status == "succeeded"
    changes[0].join()
    first = world.clients[0]
    assert not model.objects.filter(client=first).exists()
    assert after(Job.objects.get(kind=EXPLAIN_CLIENT.name), explain_client).status == "succeeded"
    features = client_features(world.version.feature_set, first.pk)
    expected = world.material.model.predict(features[np.newaxis], feature_names())[0]
    assert Score.objects.get(client=first).probability == expected
