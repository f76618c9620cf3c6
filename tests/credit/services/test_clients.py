import threading

import numpy as np
import polars as pl
import pytest
from django.db import connection

from credit.jobs.explanations import explain_client
from credit.ml.application import decode
from credit.ml.columns import CLIENT_ID
from credit.ml.features import feature_names
from credit.ml.simulation import Changes, Subject
from credit.models import Client, ClientFeatures, ClientVersion, Explanation, FeatureSet, Score
from credit.selectors.clients import raw_application
from credit.selectors.features import client_features
from credit.services.clients import NewClient, create_clients, edit_client
from pretadepenser.core.errors import ApplicationError, ConflictError
from pretadepenser.core.models import Actor, AuditEvent, Job
from tests.builders.people import Cast
from tests.builders.simulations import World, store
from tests.running.jobs import InlineProgress

COMPLETE = {
    "AMT_CREDIT": 250_000.0,
    "AMT_ANNUITY": 12_500.0,
    "AMT_GOODS_PRICE": 225_000.0,
    "AMT_INCOME_TOTAL": 150_000.0,
    "NAME_CONTRACT_TYPE": "Cash loans",
    "DAYS_EMPLOYED": -1500,
    "OCCUPATION_TYPE": "Drivers",
    "DAYS_BIRTH": -12_800,
    "NAME_EDUCATION_TYPE": "Higher education",
    "NAME_FAMILY_STATUS": "Married",
}


def a_new_client(cast: Cast, **values: object) -> Client:
    entry = NewClient({**COMPLETE, **values}, {"first_name": "Zoé", "last_name": "d'Été"})
    return create_clients(entries=[entry], by=Actor(cast.advisor))[0]


def run(job: Job, tmp_path) -> None:
    explain_client(job, InlineProgress(tmp_path))


@pytest.mark.django_db
def test_a_new_file_has_the_next_number_the_agency_of_its_maker_and_a_blank_sex(world: World, cast: Cast) -> None:
    newest = max(client.pk for client in world.clients)
    client = a_new_client(cast)
    client.refresh_from_db()
    assert (client.pk, client.agency, client.created_by, client.version) == (newest + 1, cast.agency, cast.advisor, 1)
    assert (client.sort_name, client.amount, client.age_years) == ("d ete zoe", 250_000.0, 35)
    application = raw_application(client)
    assert application["CODE_GENDER"] is None
    assert application["EXT_SOURCE_1"] is None
    assert {name: application[name] for name in COMPLETE} == COMPLETE
    assert AuditEvent.objects.get(action="client.created").object_id == str(client.pk)


@pytest.mark.django_db
def test_a_new_file_is_scored_and_explained_by_the_job_on_demand(world: World, cast: Cast, tmp_path) -> None:
    client = a_new_client(cast)
    run(Job.objects.get(), tmp_path)
    features = client_features(world.version.feature_set, client.pk)
    score = Score.objects.get(client=client)
    assert score.probability == world.material.model.predict(features[None, :], feature_names())[0]
    assert Explanation.objects.filter(client=client).exists()


@pytest.mark.django_db
def test_below_the_floor_a_file_is_kept_and_nothing_can_score_it(world: World, cast: Cast, settings) -> None:
    client = create_clients(entries=[NewClient({"AMT_CREDIT": 1e5})], by=Actor(cast.advisor))[0]
    assert Client.objects.filter(pk=client.pk).exists()
    assert not ClientFeatures.objects.filter(client=client).exists()
    assert not Job.objects.exists()
    settings.COMPLETENESS_FLOOR = 0.05
    other = create_clients(entries=[NewClient({"AMT_CREDIT": 1e5})], by=Actor(cast.advisor))[0]
    assert ClientFeatures.objects.filter(client=other).exists()


@pytest.mark.django_db
def test_a_file_that_becomes_complete_is_scored_and_one_that_no_longer_is_loses_its_score(
    world: World, cast: Cast, tmp_path
) -> None:
    client = create_clients(entries=[NewClient({"AMT_CREDIT": 1e5})], by=Actor(cast.advisor))[0]
    client = edit_client(client=client, version=1, application=COMPLETE, person={}, by=Actor(cast.advisor))
    run(Job.objects.get(), tmp_path)
    assert Score.objects.filter(client=client).exists()
    blank = dict.fromkeys(("AMT_INCOME_TOTAL", "DAYS_BIRTH", "OCCUPATION_TYPE", "NAME_EDUCATION_TYPE"))
    edit_client(client=client, version=2, application=blank, person={}, by=Actor(cast.advisor))
    assert not Score.objects.filter(client=client).exists()
    assert not ClientFeatures.objects.filter(client=client).exists()


@pytest.mark.django_db
def test_a_file_with_a_history_is_not_emptied_below_the_floor(world: World, cast: Cast) -> None:
    client = next(
        c for c in world.clients if np.isfinite(world.material.features[c.pk - world.clients[0].pk]).sum() > 300
    )
    columns = [name for name, value in raw_application(client).items() if value is not None]
    blank = {n: None for n in columns if n.startswith(("EXT_", "NAME_", "OCCUP", "DAYS_B", "DAYS_E", "AMT_I", "AMT_A"))}
    with pytest.raises(ApplicationError) as refused:
        edit_client(client=client, version=1, application=blank, person={}, by=Actor(cast.advisor))
    assert refused.value.code == "too_little"
    client.refresh_from_db()
    assert client.version == 1
    assert Score.objects.filter(client=client).exists()


@pytest.mark.django_db
def test_a_change_makes_a_version_with_the_features_of_a_build(world: World, cast: Cast, tmp_path) -> None:
    client, row = world.clients[5], 5
    old = bytes(client.application)
    changes = {"AMT_CREDIT": 123_000.0, "NAME_HOUSING_TYPE": "With parents"}
    changed = edit_client(client=client, version=1, application=changes, person={}, by=Actor(cast.advisor))
    assert (changed.version, changed.amount) == (2, 123_000.0)
    kept = ClientVersion.objects.get()
    assert (kept.version, bytes(kept.application), kept.replaced_by) == (1, old, cast.advisor)
    expected = Subject(world.material.raw[row], world.material.features[row]).variants([Changes.read(changes)])[0]
    np.testing.assert_array_equal(client_features(world.version.feature_set, client.pk), expected)
    assert not Score.objects.filter(client=client).exists()
    run(Job.objects.get(), tmp_path)
    assert (
        Score.objects.get(client=client).probability == world.material.model.predict(expected[None], feature_names())[0]
    )
    event = AuditEvent.objects.get(action="client.changed")
    assert event.detail == {"version": 2, "changed": ["AMT_CREDIT", "NAME_HOUSING_TYPE"]}


@pytest.mark.django_db
def test_a_new_name_keeps_the_score(world: World, cast: Cast) -> None:
    client = world.clients[0]
    edit_client(client=client, version=1, application={}, person={"last_name": " Été  Neuf "}, by=Actor(cast.advisor))
    client.refresh_from_db()
    assert (client.last_name, client.sort_name, client.version) == ("Été Neuf", "ete neuf", 2)
    assert Score.objects.filter(client=client).exists()
    assert not Job.objects.exists()


@pytest.mark.django_db
def test_changing_nothing_makes_no_version(world: World, cast: Cast) -> None:
    client = world.clients[0]
    same = {name: value for name, value in raw_application(client).items() if name != CLIENT_ID}
    assert edit_client(client=client, version=1, application=same, person={}, by=Actor(cast.advisor)).version == 1
    assert not ClientVersion.objects.exists()
    assert Score.objects.filter(client=client).exists()


@pytest.mark.django_db
def test_features_of_a_registered_model_no_longer_hold_after_a_change(world: World, cast: Cast) -> None:
    client = world.clients[0]
    other = FeatureSet.objects.create(sha256="0" * 64, source=FeatureSet.Source.FILE, columns=["X"], dtype="float32")
    ClientFeatures.objects.create(client=client, feature_set=other, values=b"\0\0\0\0")
    edit_client(client=client, version=1, application={"AMT_CREDIT": 123_000.0}, person={}, by=Actor(cast.advisor))
    assert ClientFeatures.objects.get(client=client).feature_set == world.version.feature_set


@pytest.mark.django_db
def test_the_second_of_two_people_gets_a_conflict(world: World, cast: Cast) -> None:
    client = world.clients[0]
    edit_client(client=client, version=1, application={"AMT_CREDIT": 123_000.0}, person={}, by=Actor(cast.advisor))
    with pytest.raises(ConflictError):
        edit_client(
            client=client, version=1, application={"AMT_INCOME_TOTAL": 1e5}, person={}, by=Actor(cast.supervisor)
        )
    client.refresh_from_db()
    assert (client.version, client.amount) == (2, 123_000.0)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "field"),
    [({"AMT_CREDIT": None}, "AMT_CREDIT"), ({"EXT_SOURCE_1": 3}, "EXT_SOURCE_1"), ({"NOPE": 1}, "NOPE")],
)
def test_one_wrong_value_and_nothing_is_kept(world: World, cast: Cast, values: dict, field: str) -> None:
    count = Client.objects.count()
    with pytest.raises(ApplicationError) as refused:
        create_clients(entries=[NewClient(COMPLETE), NewClient({**COMPLETE, **values})], by=Actor(cast.advisor))
    assert refused.value.field == field
    assert Client.objects.count() == count


@pytest.mark.django_db
def test_a_number_that_is_taken_is_refused(world: World, cast: Cast) -> None:
    with pytest.raises(ApplicationError) as refused:
        create_clients(entries=[NewClient(COMPLETE, number=world.clients[0].pk)], by=Actor(cast.stranger))
    assert refused.value.code == "taken"


@pytest.mark.django_db
def test_more_than_a_few_new_files_are_scored_with_the_portfolio(world: World, cast: Cast) -> None:
    create_clients(entries=[NewClient(COMPLETE)] * 21, by=Actor(cast.advisor))
    assert set(Job.objects.values_list("kind", flat=True)) == {"credit.score_portfolio", "credit.explain_portfolio"}


@pytest.mark.django_db
def test_a_written_application_decodes_to_what_was_given(world: World, cast: Cast) -> None:
    client = a_new_client(cast, OWN_CAR_AGE=3.0, FLAG_OWN_CAR="Y")
    row = decode(client.vector[None, :], [client.pk])
    assert row.select(pl.col("OWN_CAR_AGE", "FLAG_OWN_CAR")).row(0) == (3.0, "Y")


@pytest.mark.django_db(transaction=True)
def test_two_people_making_files_at_once_get_two_numbers(material, cast: Cast) -> None:
    store(material, cast.agency)
    barrier, made = threading.Barrier(4), []

    def make() -> None:
        barrier.wait()
        made.append(create_clients(entries=[NewClient(COMPLETE)], by=Actor(cast.advisor))[0].pk)
        connection.close()

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 4


@pytest.mark.django_db(transaction=True)
def test_of_many_changes_at_once_exactly_one_wins(material, cast: Cast) -> None:
    client = store(material, cast.agency).clients[0]
    barrier, outcomes = threading.Barrier(4), []

    def change(amount: float) -> None:
        barrier.wait()
        try:
            edit_client(client=client, version=1, application={"AMT_CREDIT": amount}, person={}, by=Actor(cast.advisor))
            outcomes.append(amount)
        except ConflictError:
            outcomes.append(None)
        connection.close()

    threads = [threading.Thread(target=change, args=[1e5 + 1000 * k]) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    winners = [amount for amount in outcomes if amount is not None]
    client.refresh_from_db()
    assert (len(outcomes), len(winners)) == (4, 1)
    assert (client.version, client.amount) == (2, winners[0])
