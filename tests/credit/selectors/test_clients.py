import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from credit.ml.advice import Advice
from credit.selectors.clients import SORTS, ClientListQuery, client_file, client_list
from credit.selectors.policies import active_policy
from pretadepenser.core.paging import CappedPaginator
from tests.builders.clients import a_client, a_score, an_active_model, an_explanation
from tests.builders.people import Cast

pytestmark = pytest.mark.django_db


def ids(user, policy=None, **asked: object) -> list[int]:
    return [client.pk for client in client_list(user, ClientListQuery(**asked), policy).object_list]


def test_an_advisor_sees_the_clients_of_the_own_agency_only(cast: Cast) -> None:
    a_client(1, cast.agency)
    a_client(2, cast.other_agency)
    assert ids(cast.advisor) == [1]
    assert ids(cast.supervisor) == [1]
    assert ids(cast.auditor, sort="id") == [1, 2]
    assert ids(cast.advisor, agency_id=cast.other_agency.pk) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [("2", [2]), ("durand", [2]), ("ELO", [1]), ("élodie ete", [1]), ("d'été", [1]), ("xyz", []), ("' :* | !", []),
     ("9" * 30, [])],
)  # fmt: skip
def test_search_finds_a_number_or_the_beginnings_of_names(cast: Cast, text: str, found: list[int]) -> None:
    a_client(1, cast.agency, "Élodie D'Été")
    a_client(2, cast.agency, "Jean Durand")
    assert ids(cast.advisor, text=text) == found


@pytest.mark.parametrize(
    "text", ["παπα", "ΠΑΠΑΔΌΠΟΥΛΟΣ", "αθηνα παπ", "юл", "Йовович", "فاط", "o'brien", "O’BRIEN", "jean‑pi"]
)
def test_search_finds_names_of_every_script_and_every_apostrophe(cast: Cast, text: str) -> None:
    names = ("Αθηνά Παπαδόπουλος", "Юлия Йовович", "فاطمة الزَّهراء", "Jean-Pierre O’Brien", "Anne Faure")
    for number, name in enumerate(names, start=1):
        a_client(number, cast.agency, name)
    assert len(ids(cast.advisor, text=text)) == 1


@pytest.mark.parametrize("text", ["m", "MA", "anne", "d'ét", "a anne", "martin é", "e d"])
def test_a_search_finds_the_same_where_more_names_match_than_are_counted(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    for number, name in enumerate(("Anne D'Été", "Émile Martin", "Anne Martin", "Joanne Adam", "Martine d'Ete"), 1):
        a_client(number, cast.agency, name)
    found = ids(cast.advisor, text=text)
    assert len(found) > 1
    monkeypatch.setattr(CappedPaginator, "limit", len(found) - 1)
    assert ids(cast.advisor, text=text) == found[:-1]
    assert ids(cast.advisor, text=text, is_descending=True) == found[:0:-1]


def test_names_sort_without_regard_to_accents(cast: Cast) -> None:
    for number, name in enumerate(("Zoé Martin", "Élise Émond", "Anne Faure"), start=1):
        a_client(number, cast.agency, name)
    assert ids(cast.advisor, sort="name") == [2, 3, 1]
    assert ids(cast.advisor, sort="name", is_descending=True) == [1, 3, 2]


def test_the_list_sorts_by_risk_and_leaves_out_clients_without_a_score(cast: Cast) -> None:
    version = an_active_model()
    for number, probability in ((1, 0.2), (2, 0.05), (3, None)):
        client = a_client(number, cast.agency)
        if probability:
            a_score(client, version, probability)
    policy = active_policy()
    assert ids(cast.advisor, policy, sort="risk") == [2, 1]
    assert ids(cast.advisor, policy, sort="risk", is_descending=True) == [1, 2]
    assert ids(cast.advisor, policy, sort="id") == [1, 2, 3]


def test_the_list_filters_by_advice(cast: Cast) -> None:
    version = an_active_model(threshold=0.09, grey_low=0.08, grey_high=0.1)
    policy = active_policy()
    assert policy is not None
    probabilities = [0.0, 0.0799999, 0.08, 0.09, 0.0999999, 0.1, 1.0]
    for number, probability in enumerate(probabilities, start=1):
        a_score(a_client(number, cast.agency), version, probability)
    for advice in Advice:
        expected = [
            number
            for number, probability in enumerate(probabilities, start=1)
            if policy.zone.advice(probability) is advice
        ]
        assert ids(cast.advisor, policy, advice=advice, sort="id") == expected


@pytest.mark.parametrize("sort", SORTS)
def test_the_number_of_queries_does_not_grow_with_the_rows(cast: Cast, sort: str) -> None:
    version = an_active_model()
    active_policy()  # the process remembers the names of the features from here on
    counts = []
    for batch in (range(1, 3), range(3, 20)):
        for number in batch:
            a_score(a_client(number, cast.agency), version, number / 100)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page = client_list(cast.advisor, ClientListQuery(sort=sort), active_policy())
            assert [(client.agency.name, client.probability) for client in page.object_list]
        counts.append(len(queries))
    assert counts[0] == counts[1] == 3  # policy, count, page


def test_a_file_of_another_agency_is_not_there(cast: Cast) -> None:
    a_client(1, cast.other_agency)
    assert client_file(cast.advisor, 1) is None
    assert client_file(cast.auditor, 1) is not None
    assert client_file(cast.auditor, 2**70 % 2**63) is None


def test_a_file_gives_the_application_the_score_and_the_explanation_in_four_queries(cast: Cast) -> None:
    version = an_active_model()
    client = a_client(1, cast.agency)
    an_explanation(client, version, contributions=(0.5, -0.25, 0.0, 0.0), values=(0.2, -300.0, 1e5, float("nan")))
    with CaptureQueriesContext(connection) as queries:
        file = client_file(cast.advisor, 1)
    assert len(queries) <= 6
    assert file is not None
    assert file.application["AMT_CREDIT"] == 100_000.0
    assert file.application["EXT_SOURCE_1"] is None
    assert file.explanation is not None
    assert file.explanation.contributions.tolist() == [0.5, -0.25, 0.0, 0.0]
    assert file.probability == pytest.approx(1 / (1 + 2.718281828459045 ** (2.5 - 0.25)))


def test_a_score_without_explanation_is_still_a_score(cast: Cast) -> None:
    version = an_active_model()
    a_score(a_client(1, cast.agency), version, 0.3)
    file = client_file(cast.advisor, 1)
    assert file is not None
    assert (file.probability, file.explanation) == (0.3, None)
