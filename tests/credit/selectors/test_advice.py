"""The advice is one rule in three forms: one probability, an array of them, and rows of the database."""

import numpy as np
import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from credit.ml.advice import Advice, Zone
from credit.models import Score
from credit.selectors.advice import advice_column, has_advice
from tests.builders.clients import a_client, a_score, an_active_model
from tests.builders.people import Cast

shares = st.floats(0, 1)


@st.composite
def zones_and_probabilities(draw: st.DrawFn) -> tuple[Zone, list[float]]:
    """A zone, often narrow or empty, and probabilities that include its edges and their neighbours."""
    low, threshold, high = sorted(draw(st.lists(shares, min_size=3, max_size=3)))
    zone = draw(st.sampled_from([Zone(threshold, low, high), Zone(low, low, high), Zone(high, high, high)]))
    edges = np.array([zone.grey_low, zone.threshold, zone.grey_high])
    near = np.clip([edges, np.nextafter(edges, 0), np.nextafter(edges, 1)], 0, 1).ravel().tolist()
    return zone, [*near, *draw(st.lists(shares, max_size=5))]


@pytest.mark.django_db
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(zones_and_probabilities())
def test_the_three_forms_agree(cast: Cast, example: tuple[Zone, list[float]]) -> None:
    zone, probabilities = example
    expected = {number: zone.advice(probability) for number, probability in enumerate(probabilities, start=1)}
    codes = zone.advice_codes(np.array(probabilities)).tolist()
    assert codes == [advice.code for advice in expected.values()]
    with transaction.atomic():
        version = an_active_model()
        for number, probability in enumerate(probabilities, start=1):
            a_score(a_client(number, cast.agency), version, probability)
        column = Score.objects.annotate(advice=advice_column(zone)).values_list("client", "advice")
        assert dict(column) == expected
        for advice in Advice:
            found = Score.objects.filter(has_advice(advice, zone)).values_list("client", flat=True)
            assert set(found) == {number for number, each in expected.items() if each is advice}
        transaction.set_rollback(True)
