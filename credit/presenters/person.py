"""What is held about one person, counted, as its page shows it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from credit.models import Client, ReviewRequest
from credit.selectors.persons import is_retained, retained_until
from pretadepenser.core.formats import amount


@dataclass(frozen=True, slots=True)
class PersonView:
    """``retained_until`` is None once the last decision need not be kept any longer."""

    holdings: tuple[tuple[str, str], ...]
    retained_until: datetime | None


def present_person(client: Client) -> PersonView:
    rows: tuple[tuple[str, QuerySet[Model]], ...] = (
        (_("Past versions of the file"), client.past_versions.all()),
        (_("Rows of features"), client.features.all()),
        (_("Scores"), client.scores.all()),
        (_("Explanations"), client.explanations.all()),
        (_("FICP consultations"), client.ficp_consultations.all()),
        (_("Decisions"), client.decisions.all()),
        (_("Requests for review"), ReviewRequest.objects.filter(decision__client=client)),
        (_("Saved simulations"), client.scenarios.all()),
    )
    holdings = tuple((label, amount(found.count())) for label, found in rows)
    return PersonView(holdings, retained_until(client) if is_retained(client) else None)
