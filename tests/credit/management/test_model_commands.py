"""The shell commands about models: which version they use, what they say, and that a refusal is one sentence."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import translation

from credit.management.commands import explain_clients, score_clients, train_model
from credit.ml.card import ModelCard
from credit.ml.records import from_json
from credit.models import ModelVersion
from credit.presenters.model_card import card_warnings
from pretadepenser.core.models import Job
from tests.builders.measured_models import a_measured_model
from tests.builders.portfolios import a_model_version, a_portfolio

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def said(command: str, *arguments: object, **options: object) -> str:
    output = StringIO()
    call_command(command, *map(str, arguments), stdout=output, **options)
    return output.getvalue()


def jobs() -> list[tuple[str, dict[str, object]]]:
    return list(Job.objects.order_by("pk").values_list("kind", "arguments"))


def test_scoring_uses_the_active_version_or_the_one_asked_for_and_says_which() -> None:
    portfolio = a_portfolio(2)
    first, second = a_model_version(portfolio), a_model_version(portfolio, seed=1)
    assert "version 2" in said("score_clients")
    said("promote_model", 1)
    assert "version 1" in said("score_clients")
    assert "version 2" in said("score_clients", model=2)
    assert [job for job in jobs() if job[0] == "credit.score_portfolio"] == [
        ("credit.score_portfolio", {"model_version": second.pk}),
        ("credit.score_portfolio", {"model_version": first.pk}),
    ]


def test_scoring_with_explain_asks_for_both() -> None:
    version = a_model_version(a_portfolio(2))
    said("score_clients", explain=True)
    expected = {"model_version": version.pk}
    assert jobs() == [("credit.score_portfolio", expected), ("credit.explain_portfolio", expected)]


def test_training_passes_its_options_on() -> None:
    a_portfolio(600)
    said("train_model", seed=7, folds=3, promote=True, monotone=False)
    options = {"seed": 7, "folds": 3, "is_promoted": True, "is_monotone": False}
    assert jobs() == [("credit.train_model", options)]


def test_promoting_and_going_back() -> None:
    portfolio = a_portfolio(1)
    for seed in range(2):
        a_model_version(portfolio, seed=seed)
    assert "version 1 is active" in said("promote_model", 1)
    assert "version 2 is active" in said("promote_model", 2)
    assert "version 1 is active" in said("promote_model", "--back")
    assert ModelVersion.objects.get(status="active").number == 1


@pytest.mark.parametrize(
    ("command", "arguments"),
    [
        ("score_clients", []),
        ("explain_clients", ["--model", "4"]),
        ("promote_model", [9]),
        ("promote_model", ["--back"]),
        ("promote_model", []),
        ("train_model", []),
        ("train_model", ["--folds", "1"]),
        ("export_scores", ["scores.csv"]),
    ],
)
def test_a_refusal_is_a_sentence(command: str, arguments: list[object], tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CommandError) as refused:
        said(command, *arguments)
    assert "\n" not in str(refused.value)
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("command", "result", "sentence"),
    [
        (score_clients, {"scored": 12}, "12 clients are scored."),
        (explain_clients, {"explained": 12, "largest_difference_from_shap": 1.5e-13}, "1.5e-13"),
    ],
)
def test_the_end_is_reported_in_a_sentence(command, result: dict[str, object], sentence: str) -> None:
    assert sentence in command.Command().describe(Job(result=result))


@pytest.mark.parametrize(
    ("promoted", "sentence"),
    [(True, "Model version 1 is trained and active."), (False, "promote_model makes it active")],
)
def test_a_training_ends_with_a_sentence_and_the_warnings_of_its_card(promoted: bool, sentence: str) -> None:
    version = a_measured_model()
    result = {"model_version": version.number, "promoted": promoted}
    first, *warnings = train_model.Command().describe(Job(result=result)).splitlines()
    assert sentence in first
    assert warnings == list(card_warnings(from_json(ModelCard, version.card)))
