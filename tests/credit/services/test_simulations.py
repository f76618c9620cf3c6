import re

import numpy as np
import pytest
from django.utils import translation

from credit.ml.simulation import NO_CHANGES, Changes
from credit.models import Client, FeatureSet, Scenario, Score
from credit.services.simulations import MAX_SCENARIOS, find_recourse, read_changes, save_scenario, simulate
from pretadepenser.core.errors import ApplicationError
from pretadepenser.core.models import Actor, AuditEvent
from tests.builders.people import Cast
from tests.builders.simulations import World

pytestmark = pytest.mark.django_db
LESS = Changes({"AMT_CREDIT": 90_000.0})


def probability_of(world: World, client: Client) -> float:
    return Score.objects.get(client=client).probability


def test_changing_nothing_gives_exactly_the_stored_score_for_every_client(world: World, cast: Cast) -> None:
    for client in world.clients:
        found = simulate(client=client, policy=world.policy, scenarios=[NO_CHANGES], by=Actor(cast.advisor))
        assert found.before.explanation.probability == probability_of(world, client)
        assert found.after[0].explanation.probability == probability_of(world, client)


def test_the_explanation_of_a_scenario_adds_up_to_its_probability(world: World, cast: Cast) -> None:
    found = simulate(client=world.clients[0], policy=world.policy, scenarios=[LESS], by=Actor(cast.advisor))
    after, before = found.after[0].explanation, found.before.explanation
    assert after.probability != before.probability
    assert after.additivity_error < 1e-9
    start = 1 / (1 + np.exp(-after.base_value))
    assert start + after.points.sum() == pytest.approx(after.probability)
    credit = after.values[after.names.index("AMT_CREDIT")]
    assert credit == 90_000.0
    assert after.values[after.names.index("PAYMENT_RATE")] != before.values[after.names.index("PAYMENT_RATE")]


def test_a_simulation_is_in_the_journal_and_nowhere_in_the_file(world: World, cast: Cast) -> None:
    client = world.clients[0]
    before = (bytes(client.application), client.version, probability_of(world, client))
    simulate(client=client, policy=world.policy, scenarios=[LESS], by=Actor(cast.advisor))
    client.refresh_from_db()
    assert (bytes(client.application), client.version, probability_of(world, client)) == before
    event = AuditEvent.objects.get(action="client.simulated")
    assert (event.actor, event.object_id) == (cast.advisor, str(client.pk))
    assert event.detail["changed"] == ["AMT_CREDIT"]
    assert "90000" not in str(event.detail)


@pytest.mark.parametrize(
    ("column", "value", "sentence"),
    [
        ("AMT_CREDIT", 4_000.0, "between 5,000 and"),
        ("DAYS_EMPLOYED", -40_000, "between 0 and"),
        ("AMT_CREDIT", None, "Give a value"),
        ("CODE_GENDER", "F", "cannot be changed"),
        ("NAME_INCOME_TYPE", "Maternity leave", "not one of the known values (Unemployed, Student, Pensioner"),
    ],
)
def test_a_value_that_is_not_allowed_is_refused_at_its_field(column: str, value: object, sentence: str) -> None:
    with translation.override("en"), pytest.raises(ApplicationError, match=re.escape(sentence)) as refused:
        read_changes({column: value})
    assert refused.value.field == column


def test_there_are_not_endless_scenarios(world: World, cast: Cast) -> None:
    with pytest.raises(ApplicationError):
        scenarios = [LESS] * (MAX_SCENARIOS + 1)
        simulate(client=world.clients[0], policy=world.policy, scenarios=scenarios, by=Actor(cast.advisor))


def test_a_model_with_a_file_of_features_of_its_own_cannot_be_simulated(world: World, cast: Cast) -> None:
    FeatureSet.objects.update(source=FeatureSet.Source.FILE)
    world.policy.refresh_from_db()
    with pytest.raises(ApplicationError) as refused:
        simulate(client=world.clients[0], policy=world.policy, scenarios=[], by=Actor(cast.advisor))
    assert (refused.value.code, refused.value.field) == ("not_simulable", None)


def test_without_a_model_or_features_there_is_a_sentence(world: World, cast: Cast) -> None:
    with pytest.raises(ApplicationError) as refused:
        simulate(client=world.clients[0], policy=None, scenarios=[], by=Actor(cast.advisor))
    assert refused.value.code == "no_model"
    world.clients[0].features.all().delete()
    with pytest.raises(ApplicationError) as refused:
        simulate(client=world.clients[0], policy=world.policy, scenarios=[], by=Actor(cast.advisor))
    assert refused.value.code == "no_features"


def test_a_scenario_is_saved_with_its_probability_and_journal(world: World, cast: Cast) -> None:
    client = world.clients[3]
    values = {"AMT_CREDIT": 90_000.0, "NAME_HOUSING_TYPE": "With parents"}
    changes = read_changes(values)
    saved = save_scenario(client=client, policy=world.policy, name=" Less  ", changes=changes, by=Actor(cast.advisor))
    again = simulate(
        client=client, policy=world.policy, scenarios=[read_changes(saved.changes)], by=Actor(cast.advisor)
    )
    assert (saved.name, saved.changes, saved.client_version) == ("Less", values, client.version)
    assert saved.probability == again.after[0].explanation.probability
    assert AuditEvent.objects.get(action="scenario.saved").detail["scenario"] == saved.pk


@pytest.mark.parametrize(("name", "changes"), [("", LESS), ("x" * 81, LESS), ("x", NO_CHANGES)])
def test_a_scenario_needs_a_name_and_a_change(world: World, cast: Cast, name: str, changes: Changes) -> None:
    with pytest.raises(ApplicationError):
        save_scenario(client=world.clients[0], policy=world.policy, name=name, changes=changes, by=Actor(cast.advisor))
    assert not Scenario.objects.exists()


def test_recourse_passes_the_threshold_in_force(world: World, cast: Cast) -> None:
    world.policy.threshold, world.policy.grey_low = 0.03, 0.02
    under = out = 0
    for client in world.clients:
        search = find_recourse(client=client, policy=world.policy, by=Actor(cast.advisor))
        assert search.before.probability >= 0.03 or not search.under_threshold
        assert all(recourse.probability < 0.03 for recourse in search.under_threshold)
        assert all(recourse.probability < 0.02 for recourse in search.out_of_grey_zone)
        under, out = under + len(search.under_threshold), out + len(search.out_of_grey_zone)
    assert under > 10
    assert out > 10
    assert AuditEvent.objects.filter(action="client.recourse_sought").count() == len(world.clients)


def test_recourse_says_so_when_nothing_is_enough(world: World, cast: Cast) -> None:
    world.policy.threshold = world.policy.grey_low = 1e-6
    search = find_recourse(client=world.clients[0], policy=world.policy, by=Actor(cast.advisor))
    assert search.under_threshold == search.out_of_grey_zone == ()
