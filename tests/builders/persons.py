"""A person who appears in every table."""

import numpy as np

from credit.models import Client, ClientVersion, OutOfFold, Scenario
from tests.builders.clients import a_client, an_active_model, an_application, an_explanation
from tests.builders.decisions import a_review
from tests.builders.people import Cast

NAME = "Zénobie Quiberon"


def a_known_person(cast: Cast, number: int = 7) -> Client:
    """Scored and explained, simulated, changed once, refused, and asking for a review."""
    version = an_active_model()
    client = a_client(number, cast.agency, NAME)
    an_explanation(client, version, contributions=(0.5, 0.2, -0.1, 0.0), values=(0.26, -637.0, 4e5, float("nan")))
    ClientVersion.objects.create(
        client=client, version=1, application=an_application(AMT_CREDIT=90_000.0), replaced_by=cast.advisor
    )
    Scenario.objects.create(
        client=client, client_version=1, model_version=version, name="Smaller", changes={"AMT_CREDIT": 8e4},
        probability=0.1, created_by=cast.advisor,
    )  # fmt: skip
    OutOfFold.objects.create(
        model_version=version,
        client_ids=np.array([number - 1, number, number + 1], "<i8").tobytes(),
        probabilities=np.array([0.1, 0.2, 0.3]).tobytes(),
        targets=np.array([0, 1, 0], np.int8).tobytes(),
    )
    a_review(client, cast.advisor)
    return client
