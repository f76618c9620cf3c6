"""The stop switch: it needs a reason, is recorded in the journal, and nothing else clears it."""

import pytest

from credit.models import ModelVersion
from credit.selectors.policies import active_policy, suspended_model
from credit.services.model_versions import promote, roll_back
from credit.services.suspension import resume_model, suspend_model
from pretadepenser.core.errors import ApplicationError, ConflictError
from pretadepenser.core.models import SYSTEM, Actor, AuditEvent
from tests.builders.clients import an_active_model
from tests.builders.people import Cast
from tests.builders.portfolios import a_model_version, a_portfolio

pytestmark = pytest.mark.django_db


def test_suspending_and_resuming_are_recorded_in_the_journal(cast: Cast) -> None:
    version = an_active_model()
    suspend_model(model_version=version, reason=" drift of income ", by=Actor(cast.administrator))
    assert suspended_model().suspension_reason == "drift of income"
    assert active_policy() is None
    resume_model(model_version=version, reason="checked", by=Actor(cast.administrator))
    assert active_policy() is not None
    version.refresh_from_db()
    assert (version.suspended_at, version.suspension_reason) == (None, "")
    actions = list(AuditEvent.objects.order_by("pk").values_list("action", "actor"))
    assert actions == [
        ("model_version.suspended", cast.administrator.pk),
        ("model_version.resumed", cast.administrator.pk),
    ]


def test_a_reason_is_required() -> None:
    version = an_active_model()
    with pytest.raises(ApplicationError) as refusal:
        suspend_model(model_version=version, reason=" ", by=SYSTEM)
    assert refusal.value.field == "reason"
    suspend_model(model_version=version, reason="drift", by=SYSTEM)
    with pytest.raises(ApplicationError) as refusal:
        resume_model(model_version=version, reason="", by=SYSTEM)
    assert refusal.value.field == "reason"


def test_what_is_so_already_is_refused() -> None:
    version = an_active_model()
    with pytest.raises(ConflictError):
        resume_model(model_version=version, reason="nothing to resume", by=SYSTEM)
    suspend_model(model_version=version, reason="drift", by=SYSTEM)
    with pytest.raises(ConflictError):
        suspend_model(model_version=version, reason="again", by=SYSTEM)


def test_a_candidate_cannot_be_suspended() -> None:
    with pytest.raises(ConflictError):
        suspend_model(model_version=a_model_version(a_portfolio(3)), reason="drift", by=SYSTEM)


def test_another_version_is_in_use_and_rolling_back_finds_the_first_still_suspended() -> None:
    portfolio = a_portfolio(3)
    first, second = a_model_version(portfolio), a_model_version(portfolio, seed=1)
    promote(model_version=first, by=SYSTEM)
    suspend_model(model_version=first, reason="drift", by=SYSTEM)
    promote(model_version=second, by=SYSTEM)
    assert active_policy().model_version == second
    assert suspended_model() is None
    roll_back(by=SYSTEM)
    assert suspended_model() == first
    assert active_policy() is None


def test_a_retired_version_can_be_resumed_before_it_is_promoted_again() -> None:
    portfolio = a_portfolio(3)
    first, second = a_model_version(portfolio), a_model_version(portfolio, seed=1)
    promote(model_version=first, by=SYSTEM)
    suspend_model(model_version=first, reason="drift", by=SYSTEM)
    promote(model_version=second, by=SYSTEM)
    resume_model(model_version=first, reason="the drift is understood", by=SYSTEM)
    assert not ModelVersion.objects.filter(suspended_at__isnull=False).exists()
