from collections import Counter

import pytest
from django.core.management import CommandError, call_command

from credit.models import Decision, ReviewRequest
from credit.selectors.policies import active_policy
from credit.selectors.queue import queue
from demo.day import DAY, play_day
from pretadepenser.core.models import Job
from tests.builders.clients import an_active_model
from tests.builders.decisions import a_decision, a_file
from tests.builders.people import Cast

pytestmark = pytest.mark.django_db

PROBABILITY_OF = {"granted": 0.02, "review": 0.09, "refused": 0.3}


@pytest.fixture
def agency_at_work(cast: Cast) -> Cast:
    """One file for each episode and one more of each advice, and as many files of another agency."""
    version = an_active_model()
    advised = [episode.advice.value for episode in DAY] + ["granted", "review", "refused"]
    for number, advice in enumerate(advised, start=1):
        a_file(number, cast.agency, version, PROBABILITY_OF[advice])
        a_file(1000 + number, cast.other_agency, version, PROBABILITY_OF[advice])
    return cast


def play(cast: Cast) -> int:
    policy = active_policy()
    assert policy is not None
    return play_day(policy=policy, advisor=cast.advisor, supervisor=cast.supervisor)


def test_every_queue_of_the_agency_has_something_after_a_day(agency_at_work: Cast) -> None:
    assert play(agency_at_work) == len(DAY)
    found = queue(agency_at_work.supervisor, active_policy())
    assert all([found.to_decide, found.waiting, found.documents, found.reviews])
    assert {(each.client.agency, each.decided_by) for each in Decision.objects.all()} == {
        (agency_at_work.agency, agency_at_work.advisor)
    }
    assert Counter(Decision.objects.values_list("advice", "outcome")) == Counter(
        (episode.advice.value, episode.outcome.value) for episode in DAY
    )
    assert Decision.objects.filter(countersigned_by=agency_at_work.supervisor, status="final").count() == 1


def test_nobody_works_where_decisions_were_taken_already(agency_at_work: Cast) -> None:
    a_decision(a_file(500, agency_at_work.agency, None), agency_at_work.advisor, reason="Seen in person")
    assert play(agency_at_work) == 0
    assert Decision.objects.count() == 1


def test_an_episode_without_a_file_is_left_out(cast: Cast) -> None:
    a_file(1, cast.agency, an_active_model(), PROBABILITY_OF["granted"])
    assert play(cast) == 1
    assert not ReviewRequest.objects.exists()


def test_the_command_says_why_a_check_of_drift_would_tell_nothing(
    agency_at_work: Cast, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("prepare_credit_demo", advisor="advisor", supervisor="supervisor")
    assert capsys.readouterr().out.startswith(f"{len(DAY)} décisions ont été prises.\nMoins de 100")
    assert not Job.objects.exists()


@pytest.mark.parametrize("has_model", [True, False])
def test_the_command_needs_a_model_and_its_people(cast: Cast, has_model: bool) -> None:
    if has_model:
        an_active_model()
    with pytest.raises(CommandError, match="nobody" if has_model else "modèle"):
        call_command("prepare_credit_demo", advisor="nobody")
