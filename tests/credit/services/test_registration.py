"""Registering a model trained elsewhere, through the command: LightGBM's numbers to the last digit, or a sentence."""

import json
from io import StringIO
from pathlib import Path

import lightgbm as lgb
import numpy as np
import polars as pl
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from credit.jobs.portfolio_explanations import explain_portfolio
from credit.jobs.scoring import score_portfolio
from credit.ml.model import text_sha256
from credit.models import ClientFeatures, FeatureSet, ModelVersion
from credit.selectors.model_versions import policy_in_force
from credit.services.explanations import request_portfolio_explanation
from credit.services.model_versions import promote
from credit.services.scores import request_scoring
from pretadepenser.core.errors import ApplicationError
from pretadepenser.core.models import SYSTEM
from tests.builders.portfolios import FIRST_ID, a_portfolio, features_of, model_text
from tests.running.jobs import after

pytestmark = pytest.mark.django_db
THEIRS = ("income_ratio", "Age_in_years", "score a")  # LightGBM writes the last one with an underscore


@pytest.fixture
def model_file(tmp_path: Path) -> Path:
    path = tmp_path / "model.txt"
    path.write_bytes(model_text(5, THEIRS).encode())
    return path


def their_matrix(rows: int) -> np.ndarray:
    """Features in float64, of numbers that float32 and careless parsers would change."""
    matrix = np.float64(features_of(rows, seed=9)[0][:, :3]) / 3
    matrix[0, 0] = 5e-324
    matrix[1, 1] = 0.1 + 0.2
    return matrix


def feature_file(path: Path, matrix: np.ndarray, ids: list[int]) -> Path:
    frame = pl.DataFrame({"SK_ID_CURR": ids, **dict(zip(THEIRS, matrix.T, strict=True))})
    frame = frame.with_columns(pl.selectors.float().fill_nan(None), comment=pl.lit("kept; aside"))
    frame.write_csv(path) if path.suffix == ".csv" else frame.write_parquet(path)
    return path


def registered(model: Path, **options: object) -> str:
    output = StringIO()
    call_command("register_model", str(model), stdout=output, **options)
    return output.getvalue()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
@pytest.mark.parametrize("export_suffix", [".csv", ".parquet"])
def test_scores_and_shap_values_are_those_of_lightgbm_on_the_file_bit_for_bit(
    model_file: Path, tmp_path: Path, suffix: str, export_suffix: str
) -> None:
    portfolio = a_portfolio(40)
    matrix = their_matrix(42)
    ids = [*portfolio.client_ids.tolist()[::-1], 1, 2]  # another order, and two clients nobody knows
    output = registered(model_file, features=feature_file(tmp_path / f"theirs{suffix}", matrix, ids), promote=True)
    assert "comment" in output
    assert "2" in output
    version = ModelVersion.objects.get()
    assert (version.status, version.origin, version.feature_set.source) == ("active", "registered", "file")
    after(request_scoring(model_version=version, by=SYSTEM), score_portfolio)
    after(request_portfolio_explanation(model_version=version, by=SYSTEM), explain_portfolio)
    exported = tmp_path / f"scores{export_suffix}"
    call_command("export_scores", str(exported), stdout=StringIO())

    read = pl.read_csv if export_suffix == ".csv" else pl.read_parquet
    found = read(exported)
    booster = lgb.Booster(model_str=model_text(5, THEIRS))
    order = np.argsort(ids[:40])
    contributions = booster.predict(matrix[:40][order], pred_contrib=True)
    assert found["SK_ID_CURR"].to_list() == sorted(ids[:40])
    assert np.array_equal(found["probability"].to_numpy(), booster.predict(matrix[:40][order]))
    assert np.array_equal(found["base_value"].to_numpy(), contributions[:, -1])
    names = [f"contribution_{name.replace(' ', '_')}" for name in THEIRS]
    assert found.columns == ["SK_ID_CURR", "probability", "base_value", *names, "model_version"]
    assert np.array_equal(found.select(names).to_numpy(), contributions[:, :-1])
    assert found["model_version"].to_list() == [1] * 40


def test_a_model_over_our_columns_needs_no_file(tmp_path: Path) -> None:
    portfolio = a_portfolio(5)
    path = tmp_path / "ours.txt"
    path.write_text(model_text())
    registered(path)
    version = ModelVersion.objects.get()
    assert version.feature_set == portfolio.feature_set
    assert version.sha256 == text_sha256(model_text())
    policy = policy_in_force(version)
    assert policy.threshold == pytest.approx(1 / 11)
    assert (policy.grey_low, policy.grey_high) == (pytest.approx(1 / 13), pytest.approx(1 / 9))
    assert version.card["limits"] == ["trained_elsewhere"]


def test_two_models_with_the_same_columns_and_different_files_do_not_mix(model_file: Path, tmp_path: Path) -> None:
    portfolio = a_portfolio(10)
    ids, matrix = portfolio.client_ids.tolist(), their_matrix(10)
    first = feature_file(tmp_path / "one.csv", matrix, ids)
    second = feature_file(tmp_path / "two.csv", matrix + 1, ids)
    for path in (first, second, first):
        registered(model_file, features=path)
    sets = list(ModelVersion.objects.order_by("number").values_list("feature_set", flat=True))
    assert sets[0] == sets[2] != sets[1]
    assert ClientFeatures.objects.filter(feature_set__source="file").count() == 20
    median = FeatureSet.objects.get(pk=sets[0]).population["income_ratio"]["median"]
    assert median == pytest.approx(np.nanmedian(matrix[:, 0]))


def test_a_model_that_reads_a_protected_attribute_is_for_study_only_and_never_promoted(tmp_path: Path) -> None:
    portfolio = a_portfolio(5)
    path = tmp_path / "model.txt"
    path.write_text(model_text(1, ("CODE_GENDER_F", "x")))
    pl.DataFrame({"SK_ID_CURR": portfolio.client_ids, "CODE_GENDER_F": 1, "x": 2}).write_csv(tmp_path / "f.csv")
    with pytest.raises(CommandError, match=r"CODE_GENDER_F.*--allow-protected"):
        registered(path, features=tmp_path / "f.csv")
    with pytest.raises(CommandError, match="CODE_GENDER_F"):
        registered(path, features=tmp_path / "f.csv", allow_protected=True, promote=True)
    assert not ModelVersion.objects.exists()
    output = registered(path, features=tmp_path / "f.csv", allow_protected=True)
    assert "CODE_GENDER_F" in output.splitlines()[-1]
    with pytest.raises(ApplicationError, match="CODE_GENDER_F") as caught:
        promote(model_version=ModelVersion.objects.get(), by=SYSTEM)
    assert caught.value.code == "protected"


@pytest.mark.parametrize(
    ("card", "expected"),
    [
        ({"threshold": 0.2}, (0.2, 0.172, 0.238)),
        ({"threshold": {"threshold": 0.2, "grey_low": 0.1, "grey_high": 0.3}}, (0.2, 0.1, 0.3)),
        ({"costs": {"false_negative": 4, "false_positive": 1}}, (0.2, 0.172, 0.238)),
    ],
)
def test_the_card_decides_the_threshold(tmp_path: Path, card: dict, expected: tuple[float, ...]) -> None:
    a_portfolio(2)
    path = tmp_path / "ours.txt"
    path.write_text(model_text())
    (tmp_path / "card.json").write_text(json.dumps(card))
    registered(path, card=tmp_path / "card.json")
    policy = policy_in_force(ModelVersion.objects.get())
    assert (policy.threshold, policy.grey_low, policy.grey_high) == pytest.approx(expected, abs=5e-4)


@pytest.mark.parametrize(
    ("card", "named"),
    [
        ({"model_sha256": "0" * 64}, "model_sha256"),
        ({"sha256": "0" * 64}, "sha256"),
        ({"threshold": 1.5}, "threshold"),
        ({"threshold": "high"}, "threshold"),
        ({"threshold": True}, "threshold"),
        ({"threshold": {"threshold": 0.5, "grey_low": 0.6}}, "grey_low"),
        ({"costs": {"false_negative": 0, "false_positive": 1}}, "0"),
        ({"colour": "red"}, "colour"),
        ({"rounds": "many"}, " rounds "),
        ({"evaluation": {"fold_auc": [0.7]}}, "evaluation.intervals"),
        ({"versions": {"lightgbm": "\x00"}}, "NUL"),
        ([], "JSON"),
        ("{", "JSON"),
        ('{"threshold": NaN}', "threshold"),
        ('{"data": {"rows": 1, "default_rate": NaN, "features": 1, "feature_set_sha256": ""}}', "."),
    ],
)
def test_a_wrong_card_is_refused_by_field_and_nothing_is_registered(tmp_path: Path, card: object, named: str) -> None:
    a_portfolio(2)
    path = tmp_path / "ours.txt"
    path.write_text(model_text())
    (tmp_path / "card.json").write_text(card if isinstance(card, str) else json.dumps(card))
    with pytest.raises(CommandError) as refused:
        registered(path, card=tmp_path / "card.json")
    assert named in str(refused.value)
    assert not ModelVersion.objects.exists()


@pytest.mark.parametrize("text", ["", "tree\n", "{}", model_text()[:3000], "regression"])
def test_a_text_that_is_not_a_model_is_refused(tmp_path: Path, text: str) -> None:
    a_portfolio(2)
    path = tmp_path / "model.txt"
    path.write_text(model_text().replace("objective=binary", "objective=regression") if text == "regression" else text)
    with pytest.raises(CommandError):
        registered(path)
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CommandError):
        registered(path)
    assert not ModelVersion.objects.exists()


def test_columns_that_are_not_ours_are_named(model_file: Path) -> None:
    a_portfolio(2)
    with pytest.raises(CommandError, match="income_ratio, Age_in_years, score_a"):
        registered(model_file)


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("SK_ID_CURR,income_ratio,score a\n1,2,3\n", "Age_in_years"),
        ("id,income_ratio,Age_in_years,score a\n1,2,3,4\n", "SK_ID_CURR"),
        ("SK_ID_CURR,income_ratio,Age_in_years,score a\n", ".csv"),
        ("SK_ID_CURR,income_ratio,Age_in_years,score a\n{0},1,2,3\n{0},1,2,3\n", "3"),
        ("SK_ID_CURR,income_ratio,Age_in_years,score a\n{0},1,2,3\n{1},1,two,3\n", "Age_in_years"),
        ("SK_ID_CURR,income_ratio,Age_in_years,score a\n{0},1,2,3\n{1},1,inf,3\n", "Age_in_years"),
        ("SK_ID_CURR,income_ratio,Age_in_years,score a\n{0}.5,1,2,3\n", "{0}.5"),
        ("SK_ID_CURR,income_ratio,Age_in_years,score a\n1,1,2,3\n", "1"),
        ("SK_ID_CURR,income_ratio,Age_in_years,score a\n{0},1,2\n", "2"),
    ],
)
def test_a_wrong_feature_file_is_refused_with_what_is_wrong(
    model_file: Path, tmp_path: Path, content: str, named: str
) -> None:
    a_portfolio(2)
    path = tmp_path / "theirs.csv"
    path.write_text(content.format(FIRST_ID, FIRST_ID + 3))
    with pytest.raises(CommandError) as refused:
        registered(model_file, features=path)
    assert named.format(FIRST_ID) in str(refused.value)
    assert not ModelVersion.objects.exists()
    assert not FeatureSet.objects.filter(source="file").exists()


def test_files_that_are_not_there_are_named(model_file: Path, tmp_path: Path) -> None:
    a_portfolio(2)
    for options in (
        {"features": tmp_path / "no.csv"},
        {"card": tmp_path / "no.json"},
        {"features": tmp_path / "no.xls"},
    ):
        with pytest.raises(CommandError, match=r"no\."):
            registered(model_file, **options)
    with pytest.raises(CommandError, match=r"nothing\.txt"):
        registered(tmp_path / "nothing.txt")
