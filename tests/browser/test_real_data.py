"""The whole way on the real tables: import, training, scores, explanations, then an advisor's day in a browser."""

import pytest

from credit.jobs.importing import import_home_credit
from credit.jobs.population import build_population_store
from credit.jobs.portfolio_explanations import explain_portfolio
from credit.jobs.scoring import score_portfolio
from credit.jobs.training import train_model
from credit.ml.card import ModelCard
from credit.ml.records import from_json
from credit.models import Client, Decision, Explanation, ModelVersion, Score
from credit.selectors.model_versions import explanation_of
from credit.services.explanations import request_portfolio_explanation
from credit.services.imports import request_import
from credit.services.model_versions import TrainingRequest, promote, request_training
from credit.services.population import request_population_store
from credit.services.scores import request_scoring
from pretadepenser.core.models import SYSTEM, Agency, AuditEvent
from pretadepenser.core.roles import Role
from tests.browser.test_decision_flow import decide
from tests.browser.visitor import Visitor, text_of
from tests.builders.home_credit import REAL_FOLDER, needs_real_tables
from tests.builders.people import a_user
from tests.running.jobs import after

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.real_data, pytest.mark.slow, needs_real_tables]


def test_a_real_client_is_imported_scored_explained_and_read(visitor: Visitor, settings, tmp_path) -> None:
    settings.JOB_WORK_DIR = tmp_path
    folders = [REAL_FOLDER, REAL_FOLDER / "more_applications"]
    imported = after(request_import(folders=folders, agency="Paris", by=SYSTEM), import_home_credit)
    assert (imported.status, imported.error) == ("succeeded", "")
    assert Client.objects.count() == 20_376

    trained = after(request_training(request=TrainingRequest(), by=SYSTEM), train_model)
    assert (trained.status, trained.error, trained.traceback) == ("succeeded", "", "")
    version = ModelVersion.objects.get()
    assert_the_model_is_as_good_as_asked(version)

    promote(model_version=version, by=SYSTEM)
    scored = after(request_scoring(model_version=version, by=SYSTEM), score_portfolio)
    assert (scored.status, scored.error, scored.traceback) == ("succeeded", "", "")
    explained = after(request_portfolio_explanation(model_version=version, by=SYSTEM), explain_portfolio)
    assert (explained.status, explained.error, explained.traceback) == ("succeeded", "", "")
    assert Score.objects.filter(model_version=version).count() == 20_376
    # Stored as float32 (ADR 4), so that sums differ from the margin in its last digits.
    assert Explanation.objects.filter(model_version=version, additivity_error__lt=5e-7).count() == 20_376

    stored = after(request_population_store(by=SYSTEM), build_population_store)
    assert (stored.status, stored.error, stored.traceback) == ("succeeded", "", "")

    agency = Agency.objects.get(name="Paris")
    a_user(Role.ADVISOR, agency, "advisor")
    a_user(Role.SUPERVISOR, agency, "supervisor")
    a_user(Role.AUDITOR, username="auditor")
    visitor.sign_in("advisor")
    page = visitor.open("/clients/100002/")
    explanation = explanation_of(Client.objects.get(pk=100_002), version)
    assert explanation is not None
    assert f"{100 * explanation.probability:.1f} %".replace(".", ",") in text_of(page)
    assert 1 <= page.locator(".reason").count() <= 4
    assert "25 ans" in text_of(page)
    visitor.check()
    visitor.open("/model/")
    visitor.check()
    the_rest_of_the_day(visitor, explanation.probability)


def the_rest_of_the_day(visitor: Visitor, probability: float) -> None:
    """Compare, simulate, decide against the model, countersign, print the letter, read the journal."""
    page = visitor.open("/clients/100002/compare/")
    assert "20 376 clients" in text_of(page)
    visitor.check()

    page = visitor.open("/clients/100002/simulate/?AMT_CREDIT=200000")
    assert f"{100 * probability:.1f} %".replace(".", ",") in text_of(page)
    assert "200 000" in text_of(page)
    visitor.check()
    assert Client.objects.get(pk=100_002).amount == 406_597.5

    visitor.open("/clients/100002/decision/")
    page.check("#id_ficp_result_0")
    decide(visitor, "granted", "A permanent contract was shown today.")
    assert Decision.objects.get().status == Decision.Status.WAITING

    visitor.sign_in("supervisor")
    visitor.open("/clients/100002/decision/")
    visitor.follow("button[name=accepts][value=yes]")
    assert Decision.objects.get().status == Decision.Status.FINAL
    visitor.follow("a[href*='/letter/']")
    assert 1 <= page.locator(".letter ol li").count() <= 4
    visitor.check()

    visitor.sign_in("auditor")
    visitor.open("/journal/?object_id=100002")
    visitor.check()
    actions = AuditEvent.objects.filter(object_id="100002").values_list("action", flat=True)
    assert {"client.opened", "client.compared", "client.simulated", "ficp.recorded"} < set(actions)
    assert {"decision.taken", "decision.countersigned", "letter.opened"} < set(actions)


def assert_the_model_is_as_good_as_asked(version: ModelVersion) -> None:
    """On out-of-fold predictions of the 15,376 applications with a known outcome."""
    card = from_json(ModelCard, version.card)
    assert card.evaluation is not None
    assert card.data is not None
    intervals = card.evaluation.intervals
    assert card.data.rows == 15_376
    assert 0.76 <= intervals.roc_auc.value < 0.82
    assert intervals.brier.value <= 0.068
    assert intervals.cost_per_client.value <= 0.53
    assert not {"CODE_GENDER"} & set(version.feature_names)
