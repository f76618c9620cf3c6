"""Promoting and rolling back: one active version at most, and the work that follows."""

import threading

import pytest
from django.db import IntegrityError, connection, transaction

from credit.jobs.results import write_explanations, write_scores
from credit.ml.explanation import contributions
from credit.ml.model import load_model
from credit.models import ModelVersion
from credit.selectors.model_versions import active_model
from credit.services.model_versions import promote, roll_back
from pretadepenser.core.errors import ConflictError
from pretadepenser.core.models import SYSTEM, Actor, AuditEvent, Job
from pretadepenser.core.roles import Role
from tests.builders.people import a_user
from tests.builders.portfolios import Portfolio, a_model_version, a_portfolio

pytestmark = pytest.mark.django_db


def score_and_explain(version: ModelVersion, portfolio: Portfolio) -> None:
    model = load_model(version.text)
    columns = portfolio.feature_set.columns
    write_scores(version, portfolio.client_ids, model.predict(portfolio.matrix, columns))
    explained = contributions(model, portfolio.matrix, columns)
    write_explanations(version, portfolio.client_ids, explained, abs(explained.values[:, 0]) * 0)


def statuses() -> list[str]:
    return list(ModelVersion.objects.order_by("number").values_list("status", flat=True))


def test_promoting_retires_the_previous_version_and_is_recorded_in_the_journal() -> None:
    portfolio = a_portfolio(3)
    first, second = a_model_version(portfolio), a_model_version(portfolio, seed=1)
    administrator = a_user(Role.ADMINISTRATOR)
    promote(model_version=first, by=Actor(administrator))
    promote(model_version=second, by=Actor(administrator))
    assert statuses() == ["retired", "active"]
    assert active_model() == second
    event = AuditEvent.objects.filter(action="model_version.promoted").first()
    assert (event.actor, event.object_id, event.detail) == (
        administrator,
        str(second.pk),
        {"number": 2, "replaced": 1},
    )


def test_promoting_asks_for_what_the_version_lacks_and_for_nothing_else() -> None:
    portfolio = a_portfolio(3)
    first, second = a_model_version(portfolio), a_model_version(portfolio, seed=1)
    score_and_explain(first, portfolio)
    promote(model_version=first, by=SYSTEM)
    assert Job.objects.get().kind == "credit.build_population_store"  # with the scores that are there
    Job.objects.all().delete()
    promote(model_version=second, by=SYSTEM)
    jobs = Job.objects.order_by("kind").values_list("kind", "arguments")
    assert list(jobs) == [
        ("credit.explain_portfolio", {"model_version": second.pk}),
        ("credit.score_portfolio", {"model_version": second.pk}),
    ]


def test_promoting_the_active_version_is_a_conflict() -> None:
    version = a_model_version(a_portfolio(1))
    promote(model_version=version, by=SYSTEM)
    with pytest.raises(ConflictError):
        promote(model_version=version, by=SYSTEM)


def test_rolling_back_goes_one_step_further_back_each_time_and_then_refuses() -> None:
    portfolio = a_portfolio(1)
    versions = [a_model_version(portfolio, seed=seed) for seed in range(3)]
    for version in versions:
        promote(model_version=version, by=SYSTEM)
    a_model_version(portfolio, seed=3)  # a candidate that was never active
    assert roll_back(by=SYSTEM) == versions[1]
    assert statuses() == ["retired", "active", "retired", "candidate"]
    assert roll_back(by=SYSTEM) == versions[0]
    with pytest.raises(ConflictError):
        roll_back(by=SYSTEM)
    assert active_model() == versions[0]
    assert AuditEvent.objects.filter(action="model_version.rolled_back").count() == 2


def test_rolling_back_without_an_active_version_is_a_conflict() -> None:
    with pytest.raises(ConflictError):
        roll_back(by=SYSTEM)


def test_the_database_holds_at_most_one_active_version() -> None:
    portfolio = a_portfolio(1)
    for seed in range(2):
        a_model_version(portfolio, seed=seed)
    with pytest.raises(IntegrityError, match="model_one_active"), transaction.atomic():
        ModelVersion.objects.update(status="active")


@pytest.mark.django_db(transaction=True)
def test_of_two_people_who_promote_at_once_both_succeed_one_after_the_other() -> None:
    portfolio = a_portfolio(1)
    versions = [a_model_version(portfolio, seed=seed) for seed in range(2)]
    start, errors = threading.Barrier(2), []

    def press(version: ModelVersion) -> None:
        try:
            start.wait()
            promote(model_version=version, by=SYSTEM)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=[version]) for version in versions]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert errors == []
    assert sorted(statuses()) == ["active", "retired"]


@pytest.mark.django_db(transaction=True)
def test_versions_made_at_once_get_different_numbers() -> None:
    portfolio = a_portfolio(1)
    start, numbers = threading.Barrier(3), []

    def make() -> None:
        try:
            start.wait()
            numbers.append(a_model_version(portfolio).number)
        finally:
            connection.close()

    threads = [threading.Thread(target=make) for _ in range(3)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(numbers) == [1, 2, 3]
