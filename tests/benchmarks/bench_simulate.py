"""The cost of one simulation: features of the variants, model, reasons, the search, and the pages.

The anchor builds the features of the changed application from a frame, as a batch would, and calls LightGBM with a
DataFrame. With ``--state`` the clients of that site are used; without it some are generated.
"""

import os
import sys
from itertools import count, islice

import numpy as np
import pandas as pd

from tests.benchmarks.measuring import arguments, each_timed, heading, line, timed
from tests.benchmarks.portfolios import SEED_CLIENTS, make_portfolio
from tests.benchmarks.sites import site

TIMES = 100
CLIENTS = 50


def bench() -> None:
    from credit.ml.features import feature_names
    from credit.ml.levers import Situation, pull_levers
    from credit.ml.recourse import Lever, smallest_change
    from credit.ml.simulation import Changes
    from credit.selectors.model_versions import loaded_model
    from credit.selectors.simulations import explained_scenarios

    bases = _bases()
    policy = bases[0].policy
    model = loaded_model(policy.model_version)
    heading(f"simulations with a model of {len(model.trees)} trees and {len(model.feature_names)} features")
    subject = bases[0].subject
    for variants in (1, 4):
        scenarios = [Changes({"AMT_CREDIT": 100_000.0 + 1000 * k}) for k in range(variants)]
        times = each_timed(lambda scenarios=scenarios: subject.variants(scenarios), TIMES)
        line(f"features of {variants} variant(s)", milliseconds=times, target="p50 2 ms")
        times = each_timed(lambda scenarios=scenarios: explained_scenarios(bases[0], scenarios), TIMES)
        line(f"probability and reasons of {variants} variant(s)", milliseconds=times, target="p95 20 ms")
    situation = Situation(loan=subject.loan)
    times = each_timed(lambda: pull_levers(model, subject, situation), TIMES)
    line("curves of five levers", milliseconds=times, target="p95 20 ms")
    _anchor(bases[0])
    above = [b for b in bases if model.predict(b.subject.features[None], feature_names())[0] >= policy.threshold]
    turns = count()
    for lever in Lever:

        def search(lever: Lever = lever) -> object:
            base = above[next(turns) % len(above)]
            return smallest_change(model, base.subject, lever, policy.threshold)

        line(f"smallest change: {lever}", milliseconds=each_timed(search, 30 if above else 0))


def _anchor(base: object) -> None:
    from credit.ml.application import decode, encode
    from credit.ml.features import feature_names
    from credit.ml.features.application import application_columns, application_values
    from credit.selectors.model_versions import loaded_model

    model, subject = loaded_model(base.policy.model_version), base.subject
    frame = decode(subject.raw[np.newaxis], [base.client.pk])
    times = each_timed(lambda: application_values(application_columns(encode(frame))), 30)
    line("  anchor: application features of a frame", milliseconds=times)
    row = pd.DataFrame(subject.features[np.newaxis], columns=list(feature_names()))[list(model.feature_names)]
    line("  anchor: predict of a DataFrame", milliseconds=each_timed(lambda: model.booster.predict(row), 30))


def bench_pages() -> None:
    from django.test import Client as Browser

    from pretadepenser.core.models import User
    from pretadepenser.core.roles import Role

    user, _ = User.objects.get_or_create(username="bench-administrator", role=Role.ADMINISTRATOR)
    browser = Browser(SERVER_NAME="localhost")
    browser.force_login(user)
    numbers = [base.client.pk for base in _bases()]
    heading(f"pages of {len(numbers)} clients in turn, {TIMES} requests each")
    kept = "&".join(f"s=AMT_CREDIT%3D{amount}" for amount in (150_000, 160_000, 170_000))
    addresses = {
        "simulate, the file as it is": "simulate/",
        "simulate, one change": "simulate/?AMT_CREDIT={turn}",
        "a slider moves": "simulate/levers/?AMT_CREDIT={turn}",
        "simulate, four scenarios side by side": f"simulate/?{kept}&AMT_CREDIT={{turn}}",
        "the smallest change that passes": "recourse/",
        "change the file, the form": "edit/",
    }
    for title, address in addresses.items():
        turns = count()

        def ask(address: str = address, turns: count = turns) -> None:
            turn = next(turns)
            client = numbers[turn % len(numbers)]
            headers = {"HX-Request": "true"} if "levers" in address else {}
            _checked(browser.get(f"/clients/{client}/{address.format(turn=200_000 + turn)}", headers=headers))

        target = "p95 20 ms" if title in ("simulate, one change", "a slider moves") else "p95 50 ms"
        line(title, milliseconds=each_timed(ask, TIMES, warm_up=5), target=target)
    amounts = count(200_000)

    def simulate() -> None:
        body = {"scenarios": [{"AMT_CREDIT": next(amounts)}]}
        _checked(browser.post(f"/api/v1/clients/{numbers[0]}/simulations/", body, content_type="application/json"))

    line("API: one change", milliseconds=each_timed(simulate, TIMES), target="p95 20 ms")


def _bases() -> list:
    from credit.models import Client
    from credit.selectors.policies import active_policy
    from credit.selectors.simulations import simulation_base

    policy = active_policy()
    with_features = Client.objects.filter(features__feature_set=policy.model_version.feature_set).order_by("pk")
    return [simulation_base(client, policy) for client in islice(with_features.iterator(), CLIENTS)]


def _checked(response: object) -> None:
    if response.status_code != 200:
        sys.exit(f"{response.request['PATH_INFO']} answers {response.status_code}")


if __name__ == "__main__":
    options = arguments(__doc__).parse_args()
    os.environ["OMP_NUM_THREADS"] = "1"  # as the web process has it
    with site(options.state):
        if options.state is None:
            seconds, _ = timed(lambda: make_portfolio(SEED_CLIENTS))
            print(f"a portfolio of {SEED_CLIENTS:,} clients was created in {seconds:.0f} s")
        bench()
        bench_pages()
