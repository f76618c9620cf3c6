"""The queue, the decision page and its services at full size: ``python -m tests.benchmarks.bench_decide``.

A database of its own has scored clients in ten agencies, and decisions on some of them. The anchor of the queue is one
PostgreSQL query with the same order, by distance to the threshold.
"""

from collections.abc import Callable
from itertools import count

from tests.benchmarks.measuring import arguments, each_timed, heading, line, timed
from tests.benchmarks.sites import site

AGENCIES = 10
DECISIONS = 20_000
REVIEWS = 1_000
REQUESTS = 100
PAGE_TARGET = "p95 50 ms"

_CLIENTS = """
    INSERT INTO credit_client (id, agency_id, first_name, last_name, sort_name, target, contract_type, amount, income,
        annuity, application, version, created_at, updated_at)
    SELECT n, %(first_agency)s + n %% 10, 'Client', n::text, n || ' client', CASE WHEN n %% 7 > 0 THEN 0 END,
        'Cash loans', 1e5 + n, 2e5, 2e4, %(application)s, 1, now(), now()
    FROM generate_series(1, %(clients)s) AS n
"""
_SCORES = """
    INSERT INTO credit_score (client_id, model_version_id, probability, scored_at)
    SELECT n, %(version)s, power(random(), 3) * 0.6, now() FROM generate_series(1, %(clients)s) AS n
"""
_CONSULTATIONS = """
    INSERT INTO credit_ficpconsultation (id, client_id, consulted_on, result, recorded_by_id, recorded_at)
    SELECT n, n * 7, current_date, 'clear', %(user)s, now() FROM generate_series(1, %(decisions)s) AS n
"""
_DECISIONS = """
    INSERT INTO credit_decision (id, client_id, client_version, outcome, status, reason, advice, score_reasons, ficp_id,
        decided_by_id, decided_at, countersign_note)
    SELECT n, n * 7, 1, CASE WHEN n %% 5 = 0 THEN 'documents' ELSE 'refused' END,
        CASE WHEN n %% 50 = 1 THEN 'waiting' ELSE 'final' END, 'reason', '', '[]', n, %(user)s,
        now() - n * interval '1 minute', ''
    FROM generate_series(1, %(decisions)s) AS n
"""
_REVIEWS = """
    INSERT INTO credit_reviewrequest (decision_id, requested_on, due_on, borrower_comment, outcome, outcome_note,
        recorded_by_id, recorded_at)
    SELECT n * 10 + 2, current_date - 40, current_date - 20 + n %% 40, '', '', '', %(user)s, now()
    FROM generate_series(1, %(reviews)s) AS n
"""
_TABLES = ("client", "score", "ficpconsultation", "decision", "reviewrequest")
_BY_DISTANCE = """
    SELECT score.client_id FROM credit_score AS score JOIN credit_client AS client ON client.id = score.client_id
    WHERE score.model_version_id = %s AND client.target IS NULL AND client.agency_id = %s AND NOT EXISTS (
        SELECT FROM credit_decision AS decision
        WHERE decision.client_id = client.id AND decision.status IN ('final', 'waiting'))
    ORDER BY abs(score.probability - %s) LIMIT 6
"""


def bench(clients: int) -> None:
    seconds, _ = timed(lambda: _fill(clients))
    print(f"{clients:,} clients, {DECISIONS:,} decisions and {REVIEWS:,} reviews were created in {seconds:.0f} s")
    heading(f"decisions at {clients:,} clients, {REQUESTS} calls each")
    _bench_queue()
    _bench_pages()
    _bench_services()


def _fill(clients: int) -> None:
    from django.db import connection

    from pretadepenser.core.models import Agency
    from pretadepenser.core.roles import Role
    from tests.builders.clients import an_active_model, an_application
    from tests.builders.people import a_user

    agencies = Agency.objects.bulk_create(Agency(name=f"Agency {number}") for number in range(AGENCIES))
    advisor = a_user(Role.ADVISOR, agencies[0], "advisor")
    a_user(Role.SUPERVISOR, agencies[0], "supervisor")
    a_user(Role.AUDITOR, username="auditor")
    values = {
        "clients": clients,
        "decisions": min(DECISIONS, clients // 7),
        "reviews": min(REVIEWS, clients // 80),
        "first_agency": agencies[0].pk,
        "application": an_application(AMT_CREDIT=100_000.0, DAYS_BIRTH=-12_000),
        "version": an_active_model().pk,
        "user": advisor.pk,
    }
    with connection.cursor() as cursor:
        for statement in (_CLIENTS, _SCORES, _CONSULTATIONS, _DECISIONS, _REVIEWS):
            cursor.execute(statement, values)
        for table in _TABLES:
            cursor.execute(f"VACUUM ANALYZE credit_{table}")
        for table in _TABLES[2:]:
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('credit_{table}', 'id'), 1000000)")


def _bench_queue() -> None:
    from django.db import connection

    from credit.selectors.policies import active_policy
    from credit.selectors.queue import queue
    from pretadepenser.core.models import User

    policy = active_policy()
    assert policy is not None
    for name in ("advisor", "auditor"):
        user = User.objects.select_related("agency").get(username=name)
        line(f"{name}: queue", milliseconds=each_timed(lambda user=user: queue(user, policy), REQUESTS))
    advisor = User.objects.get(username="advisor")

    def by_distance() -> None:
        with connection.cursor() as cursor:
            cursor.execute(_BY_DISTANCE, [policy.model_version_id, advisor.agency_id, policy.threshold])
            cursor.fetchall()

    line("  files to decide by one ORDER BY distance", milliseconds=each_timed(by_distance, 10))


def _bench_pages() -> None:
    from django.test import Client as Browser

    from credit.models import Decision
    from pretadepenser.core.models import User

    of_first = Decision.objects.filter(client__agency__name="Agency 0", status="final").values_list("client_id", "pk")
    files = list(of_first[:REQUESTS])
    for name in ("advisor", "supervisor", "auditor"):
        browser = Browser(SERVER_NAME="localhost")
        browser.force_login(User.objects.get(username=name))
        _line(f"{name}: home", lambda browser=browser: browser.get("/home/"))
        turns = count()

        def decision(browser: Browser = browser, turns: count = turns) -> object:
            return browser.get(f"/clients/{files[next(turns) % len(files)][0]}/decision/")

        def letter(browser: Browser = browser, turns: count = turns) -> object:
            client, decided = files[next(turns) % len(files)]
            return browser.get(f"/clients/{client}/letter/{decided}/")

        _line(f"{name}: decision", decision)
        _line(f"{name}: letter", letter)


def _bench_services() -> None:
    from credit.models import Client
    from credit.services.decisions import countersign, record_ficp, take_decision
    from pretadepenser.core.models import Actor, User
    from tests.builders.decisions import today

    advisor, supervisor = (User.objects.get(username=name) for name in ("advisor", "supervisor"))
    undecided = Client.objects.filter(agency=advisor.agency_id, decisions=None, scores__probability__gt=0.1)
    files = list(undecided.select_related("agency")[: REQUESTS + 10])
    waiting = []
    turns = iter(files)

    def decide() -> None:
        file = next(turns)
        record_ficp(client=file, consulted_on=today(), result="clear", by=Actor(advisor))
        waiting.append(take_decision(client=file, version=1, outcome="granted", reason="because", by=Actor(advisor)))

    line("consultation and decision", milliseconds=each_timed(decide, REQUESTS), target="p95 20 ms")
    sign = each_timed(lambda: countersign(decision=waiting.pop(), accepts=True, by=Actor(supervisor)), REQUESTS)
    line("countersignature", milliseconds=sign, target="p95 20 ms")


def _line(title: str, open_page: Callable[[], object]) -> None:
    def opened() -> None:
        response = open_page()
        assert response.status_code == 200, response.status_code

    line(title, milliseconds=each_timed(opened, REQUESTS, warm_up=5), target=PAGE_TARGET)


if __name__ == "__main__":
    options = arguments(__doc__).parse_args()
    with site(options.state):
        bench(options.clients)
