from datetime import timedelta
from unittest.mock import patch

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pretadepenser.core.audit import record
from pretadepenser.core.journal import selectors
from pretadepenser.core.journal.selectors import JournalPage, JournalQuery, all_events, journal_page
from pretadepenser.core.models import Actor
from tests.builders.people import Cast

pytestmark = pytest.mark.django_db


def some_events(cast: Cast, count: int) -> list[int]:
    """Ids, newest first; neighbours share their moment, as events of one transaction may."""
    now = timezone.now()
    moments = [now + timedelta(seconds=number // 2) for number in range(count)]
    with patch("django.utils.timezone.now", side_effect=moments):
        events = [record("user.changed", by=Actor(cast.advisor), target=cast.advisor) for _moment in moments]
    return [event.pk for event in reversed(events)]


def ids(page: JournalPage) -> list[int]:
    return [event.pk for event in page.events]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8])
def test_pages_lead_through_every_event_and_back(cast: Cast, size: int) -> None:
    expected = some_events(cast, 7)
    page, down = journal_page(JournalQuery(), size=size), []
    assert page.newer is None
    pages = [page]
    while page.older is not None:
        page = journal_page(JournalQuery(), before=page.older, size=size)
        pages.append(page)
    down = [pk for each in pages for pk in ids(each)]
    assert down == expected
    for earlier in reversed(pages[:-1]):
        assert page.newer is not None
        page = journal_page(JournalQuery(), after=page.newer, size=size)
        assert ids(page) == ids(earlier)
    assert page.newer is None


def test_an_unknown_place_is_the_beginning(cast: Cast) -> None:
    expected = some_events(cast, 3)
    assert ids(journal_page(JournalQuery(), before=10**15)) == expected
    assert ids(journal_page(JournalQuery(), after=10**15)) == expected


def test_filters_choose_by_person_action_thing_agency_and_time(cast: Cast) -> None:
    opened = record("client.opened", by=Actor(cast.advisor), target=cast.advisor)
    record("session.opened", by=Actor(cast.stranger), target=cast.stranger)
    middle = opened.at + timedelta(microseconds=1)
    for query in (
        JournalQuery(actor_id=cast.advisor.pk),
        JournalQuery(action="client.opened"),
        JournalQuery(object_type="user", object_id=str(cast.advisor.pk)),
        JournalQuery(agency_id=cast.agency.pk),
        JournalQuery(until=middle),
    ):
        assert ids(journal_page(query)) == [opened.pk]
    assert opened.pk not in ids(journal_page(JournalQuery(since=middle)))


def test_a_stream_reads_every_event_in_chunks(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = some_events(cast, 11)
    monkeypatch.setattr(selectors, "ROWS_PER_CHUNK", 3)
    assert [event.pk for event in all_events(JournalQuery())] == expected


def test_the_queries_of_a_page_do_not_grow_with_its_events(cast: Cast) -> None:
    last = some_events(cast, 30)[0]
    for size in (3, 20):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page = journal_page(JournalQuery(), before=last, size=size)
            assert [str(event.actor) + event.agency.name for event in page.events]
        assert len(queries) == 2


def test_a_page_reads_its_index_and_neither_sorts_nor_counts_the_journal(cast: Cast) -> None:
    some_events(cast, 2)
    filters = (
        JournalQuery(),
        JournalQuery(actor_id=cast.advisor.pk),
        JournalQuery(action="user.changed"),
        JournalQuery(object_type="client", object_id="1"),
        JournalQuery(agency_id=cast.agency.pk),
    )
    with connection.cursor() as cursor:
        # Whatever statistics earlier tests left behind: a full sort is planned only where no index gives the order.
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off")
        for query in filters:
            with CaptureQueriesContext(connection) as queries:
                journal_page(query)
            cursor.execute("EXPLAIN " + queries.captured_queries[0]["sql"])
            plan = "\n".join(line for (line,) in cursor.fetchall())
            assert "Index Scan" in plan and "core_auditevent" in plan, plan
            assert "Incremental Sort" in plan, plan
            assert "Presorted Key: core_auditevent.at" in plan, plan
