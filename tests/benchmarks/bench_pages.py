"""Server time of pages and endpoints at full size: middleware, queries, template and journal included.

With ``--state`` the clients of that site are used (stop its workers first); without it some generated clients are
multiplied in a database of its own.
"""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import cycle
from time import process_time

from tests.benchmarks.measuring import WARM_UP, arguments, each_timed, heading, line, timed
from tests.benchmarks.portfolios import make_portfolio
from tests.benchmarks.sites import site

CLIENTS_OPENED = 50
TARGET = "p95 50 ms"

#: Queries of the client list; {name} and {number} are those of a client the visitor sees.
LISTS = {
    **{f"list by {sort}, {way}": f"?sort={sign}{sort}" for sort in ("name", "amount", "risk", "id")
       for way, sign in (("rising", ""), ("falling", "-"))},
    "list, last page": "?page=100",
    "list by risk, last page": "?sort=-risk&page=100",
    "list, search for a name": "?q={name}",
    "list, search for one letter": "?q=m",
    "list, search by risk": "?q={name}&sort=-risk",
    "list, search for a number": "?q={number}",
    "list, search for nobody": "?q=xyzzy",
    "list, granted": "?advice=granted",
    "list, to review": "?advice=review",
    "list, refused by risk": "?advice=refused&sort=-risk",
    "list, refused, named, by amount": "?advice=refused&q={name}&sort=-amount",
    "list, revolving by amount": "?contract=Revolving+loans&sort=-amount",
}  # fmt: skip
#: Only for visitors who see every agency.
AGENCY_LISTS = {
    "list of an agency": "?agency={agency}",
    "list of an agency by risk": "?agency={agency}&sort=-risk",
    "list of an agency, refused": "?agency={agency}&advice=refused",
}
#: Views of one client's file: URL names and queries.
FILES = {
    "client file": "credit:client_file",
    "all the reasons": "credit:reasons",
    "decision": "credit:decision",
    "simulate": "credit:simulate",
    "simulate, one change": "credit:simulate?AMT_CREDIT=200000",
    "compare, main points": "credit:compare",
    "compare, one variable": "credit:compare?view=distribution&variable=AMT_ANNUITY",
    "compare, two variables": "credit:compare?view=relation&x=AMT_CREDIT&y=AMT_ANNUITY",
    "compare, nearest": "credit:compare?view=nearest",
    "API score": "api:score",
    "API client": "api:client",
    "API explanation": "api:explanation",
}
PAGES = {"home": "credit:home", "model": "credit:model_card", "variables": "credit:model_variables"}


@dataclass(frozen=True)
class Visitor:
    """A signed-in person; ``get`` ends the run where the answer is not 200."""

    role: str
    get: Callable[[str], None]
    clients: list[tuple[int, str]]  # number and last name of some clients the visitor sees
    agency: int | None  # to filter by


def bench(clients: int, requests: int, *, is_made: bool) -> None:
    from credit.models import Client

    if is_made:
        seconds, _ = timed(lambda: make_portfolio(clients))
        print(f"a portfolio of {Client.objects.count():,} clients was created in {seconds:.0f} s")
    heading(f"pages at {Client.objects.count():,} clients, {requests} requests each")
    for visitor in _visitors():
        for title, addresses in _addresses(visitor):
            turns = cycle(addresses)
            work = partial(_next, visitor, turns)
            started = process_time()
            times = each_timed(work, requests)
            ours = (process_time() - started) * 1000 / (requests + WARM_UP)
            line(f"{visitor.role}: {title}", milliseconds=times, target=TARGET, note=f"{ours:.1f} ms of it CPU time")


def _next(visitor: Visitor, addresses: Iterator[str]) -> None:
    visitor.get(next(addresses))


def _addresses(visitor: Visitor) -> Iterator[tuple[str, list[str]]]:
    from django.urls import reverse

    lists, endpoint = reverse("credit:client_list"), reverse("api:client_list")
    for title, query in {**LISTS, **(AGENCY_LISTS if visitor.agency else {})}.items():
        asked = [query.format(name=name, number=pk, agency=visitor.agency) for pk, name in visitor.clients]
        yield title, [lists + each for each in dict.fromkeys(asked)]
    yield "API list by risk", [f"{endpoint}?sort=-risk&page={page}" for page in range(1, 11)]
    for title, name in FILES.items():
        view, mark, query = name.partition("?")
        yield title, [reverse(view, args=[pk]) + mark + query for pk, _ in visitor.clients]
    for title, name in PAGES.items():
        yield title, [reverse(name)]


def _visitors() -> Iterator[Visitor]:
    """An advisor of the largest agency and an auditor."""
    from django.db.models import Count
    from django.test import Client as Browser

    from credit.models import Explanation
    from credit.selectors.clients import clients_visible_to
    from pretadepenser.core.models import Agency, User
    from pretadepenser.core.roles import Role

    agency = Agency.objects.annotate(size=Count("clients")).order_by("-size").first()
    for role in (Role.ADVISOR, Role.AUDITOR):
        place = agency if role is Role.ADVISOR else None
        user, _created = User.objects.get_or_create(username=f"bench-{role.value}", role=role, agency=place)
        browser = Browser(SERVER_NAME="localhost")
        browser.force_login(user)
        explained = Explanation.objects.order_by("-client_id").values("client_id")[:20_000]
        chosen = clients_visible_to(user).filter(pk__in=explained)
        rows = list(chosen.order_by("amount", "pk").values_list("pk", "sort_name"))
        spread = rows[:: max(1, len(rows) // CLIENTS_OPENED)]
        yield Visitor(
            role=role.value,
            get=lambda address, browser=browser: _get(browser, address),
            clients=[(pk, name.partition(" ")[0]) for pk, name in spread],
            agency=None if place else agency.pk,
        )


def _get(browser: object, address: str) -> None:
    response = browser.get(address)
    if response.status_code != 200:
        sys.exit(f"{address} answers {response.status_code}")


if __name__ == "__main__":
    parser = arguments(__doc__)
    parser.add_argument("--requests", type=int, default=100, help="of each kind; default: %(default)s")
    options = parser.parse_args()
    with site(options.state):
        bench(options.clients, options.requests, is_made=options.state is None)
