"""The whole way on the real tables: import, training, scores, explanations, and a client's file in a browser."""

import pytest

from credit.jobs.importing import import_home_credit
from credit.jobs.portfolio_explanations import explain_portfolio
from credit.jobs.scoring import score_portfolio
from credit.jobs.training import train_model
from credit.ml.card import ModelCard
from credit.models import Client, Explanation, ModelVersion, Score
from credit.selectors.model_versions import explanation_of
from credit.services.explanations import request_portfolio_explanation
from credit.services.imports import request_import
from credit.services.model_versions import TrainingRequest, promote, request_training
from credit.services.scores import request_scoring
from pretadepenser.core.models import Agency
from pretadepenser.core.roles import Role
from tests.browser.conftest import Visitor, text_of
from tests.builders import a_user
from tests.credit.jobs.running import after
from tests.credit.ml.tables import REAL_FOLDER, needs_real_tables

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.real_data, pytest.mark.slow, needs_real_tables]


@pytest.mark.parametrize("visitor", [1440], indirect=True)
def test_a_real_client_is_imported_scored_explained_and_read(visitor: Visitor, settings, tmp_path) -> None:
    settings.JOB_WORK_DIR = tmp_path
    folders = [REAL_FOLDER, REAL_FOLDER / "more_applications"]
    imported = after(request_import(folders=folders, agency="Paris", by=None), import_home_credit)
    assert (imported.status, imported.error) == ("succeeded", "")
    assert Client.objects.count() == 20_376

    trained = after(request_training(request=TrainingRequest(), by=None), train_model)
    assert (trained.status, trained.error, trained.traceback) == ("succeeded", "", "")
    version = ModelVersion.objects.get()
    assert_the_model_is_as_good_as_asked(version)

    promote(model_version=version, by=None)
    scored = after(request_scoring(model_version=version, by=None), score_portfolio)
    assert (scored.status, scored.error, scored.traceback) == ("succeeded", "", "")
    explained = after(request_portfolio_explanation(model_version=version, by=None), explain_portfolio)
    assert (explained.status, explained.error, explained.traceback) == ("succeeded", "", "")
    assert Score.objects.filter(model_version=version).count() == 20_376
    assert Explanation.objects.filter(model_version=version, additivity_error__lt=1e-9).count() == 20_376

    a_user(Role.ADVISOR, Agency.objects.get(name="Paris"), "advisor")
    visitor.sign_in("advisor")
    page = visitor.open("/clients/100002/")
    told = explanation_of(Client.objects.get(pk=100_002), version)
    assert told is not None
    assert f"{100 * told.probability:.1f} %".replace(".", ",") in text_of(page)
    assert 1 <= page.locator(".reason").count() <= 4
    assert "25 ans" in text_of(page)
    visitor.check()
    visitor.open("/model/")
    visitor.check()


def assert_the_model_is_as_good_as_asked(version: ModelVersion) -> None:
    """On out-of-fold predictions of the 15,376 applications with a known outcome."""
    card = ModelCard.from_dict(version.card)
    assert card.evaluation is not None
    assert card.data is not None
    found = card.evaluation.intervals
    assert card.data.rows == 15_376
    assert 0.76 <= found.roc_auc.value < 0.82
    assert found.brier.value <= 0.068
    assert found.cost_per_client.value <= 0.53
    assert not {"CODE_GENDER"} & set(version.feature_names)
