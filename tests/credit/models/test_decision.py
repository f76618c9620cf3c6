"""Rules of decisions that the database holds."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from credit.models import Decision, FicpConsultation
from tests.builders.clients import an_active_model
from tests.builders.decisions import a_decision, a_file
from tests.builders.people import Cast

pytestmark = pytest.mark.django_db

GRANTED = 0.05  # what the model of an_active_model advises to grant


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"ficp": None}, "decision_needs_ficp"),
        ({"advice": "refused", "reason": ""}, "decision_against_advice_has_a_reason"),
        ({"probability": float("nan")}, "decision_probability_in_range"),
        ({"countersigned_at": timezone.now()}, "decision_countersignature_is_whole"),
    ],
)
def test_the_database_holds_the_rules(cast: Cast, changes: dict[str, object], constraint: str) -> None:
    decision = a_decision(a_file(1, cast.agency, an_active_model(), GRANTED), cast.advisor, "granted")
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Decision.objects.filter(pk=decision.pk).update(**changes)


def test_nobody_countersigns_an_own_decision_in_the_database_either(cast: Cast) -> None:
    decision = a_decision(a_file(1, cast.agency, an_active_model(), GRANTED), cast.advisor, "granted")
    with pytest.raises(IntegrityError, match="decision_countersigned_by_another"), transaction.atomic():
        Decision.objects.filter(pk=decision.pk).update(countersigned_by=cast.advisor, countersigned_at=timezone.now())


def test_a_consultation_goes_with_the_whole_file_only(cast: Cast) -> None:
    client = a_file(1, cast.agency, an_active_model(), GRANTED)
    a_decision(client, cast.advisor, "granted")
    client.delete()
    assert not FicpConsultation.objects.exists()
