"""Models that others trained: their categories, a protected attribute in disguise, texts and cards made to harm."""

import re
from hashlib import sha256
from io import StringIO
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from credit.jobs.explanations import explain_client
from credit.jobs.portfolio_explanations import explain_portfolio
from credit.jobs.scoring import score_portfolio
from credit.ml.catalogue import category_label
from credit.ml.columns import CATEGORIES
from credit.ml.inputs import POSITIONS
from credit.models import Client, FeatureSet, ModelVersion, Score
from credit.presenters.contributions import present_explanation
from credit.selectors.model_versions import explanation_of, model_of
from credit.services.explanations import request_explanation, request_portfolio_explanation
from credit.services.model_versions import promote
from credit.services.scores import request_scoring
from pretadepenser.core.errors import ApplicationError
from pretadepenser.core.models import SYSTEM
from tests.builders.categories import CATEGORICAL, a_category_model, a_frame, as_categories
from tests.builders.portfolios import FIRST_ID, a_portfolio, model_text
from tests.running.jobs import after

pytestmark = pytest.mark.django_db
MODEL = a_category_model()


def registered(text: str | bytes, folder: Path, **options: object) -> str:
    path = folder / "model.txt"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    output = StringIO()
    call_command("register_model", str(path), stdout=output, **options)
    return output.getvalue()


def refusal(text: str | bytes, folder: Path, **options: object) -> str:
    with pytest.raises(CommandError) as refused:
        registered(text, folder, **options)
    assert not ModelVersion.objects.exists()
    assert not FeatureSet.objects.filter(source="file").exists()
    return str(refused.value)


def written(frame: pd.DataFrame, folder: Path, suffix: str = ".csv") -> Path:
    path = folder / f"features{suffix}"
    if suffix == ".csv":
        frame.to_csv(path, index=False)
    else:
        texts = [name for name in ("HOUSING", "NAME_EDUCATION_TYPE") if name in frame and suffix != ".parquet"]
        columns = {name: [None if pd.isna(value) else value for value in frame[name]] for name in frame}
        pl.DataFrame(columns).with_columns(pl.col(texts).cast(pl.Categorical)).write_parquet(path)
    return path


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("suffix", [".csv", ".parquet", "categories.parquet"])
def test_categories_are_looked_up_in_the_models_own_lists(tmp_path: Path, suffix: str) -> None:
    portfolio = a_portfolio(40)
    frame = a_frame(portfolio.client_ids.tolist())
    frame.loc[3, "HOUSING"] = "a boat"  # LightGBM reads a blank for a category it does not know
    frame.loc[4, "HOUR"] = 99
    output = registered(MODEL.model_to_string(), tmp_path, features=written(frame, tmp_path, suffix))
    assert "HOUSING\xa0: a boat (1 client)" in output
    assert "HOUR\xa0: 99 (1 client)" in output
    version = ModelVersion.objects.get()
    after(request_scoring(model_version=version, by=SYSTEM), score_portfolio)
    after(request_portfolio_explanation(model_version=version, by=SYSTEM), explain_portfolio)
    call_command("export_scores", str(tmp_path / "out.parquet"), model=version.number, stdout=StringIO())

    exported = pl.read_parquet(tmp_path / "out.parquet")
    expected = as_categories(frame)
    parts = MODEL.predict(expected, pred_contrib=True)
    assert np.array_equal(exported["probability"].to_numpy(), MODEL.predict(expected))
    contributions = exported.select(f"contribution_{name}" for name in MODEL.feature_name()).to_numpy()
    assert np.array_equal(contributions, parts[:, :-1])
    assert np.array_equal(exported["base_value"].to_numpy(), parts[:, -1])

    client = Client.objects.get(pk=FIRST_ID + 3 * 3)
    after(request_explanation(client=client, model_version=version, by=SYSTEM), explain_client)
    assert Score.objects.get(client=client).probability == exported["probability"][3]
    explanation = explanation_of(client, version)
    assert np.array_equal(explanation.contributions, parts[3, :-1])
    view = present_explanation(explanation, version.feature_set.population)
    values = {row.variable.name: row.value for theme in view.themes for row in theme.rows}
    assert values["HOUSING"] == "a boat"
    assert values["HOUR"] == str(frame.loc[3, "HOUR"])
    education = frame.loc[3, "NAME_EDUCATION_TYPE"]
    ours = category_label("NAME_EDUCATION_TYPE", education).fr if education != "Doctorate" else education
    assert values["NAME_EDUCATION_TYPE"] == ours


def test_a_column_without_one_known_category_is_refused_by_column_and_values(tmp_path: Path) -> None:
    frame = a_frame(a_portfolio(20).client_ids.tolist()).assign(HOUR=40)
    sentence = refusal(MODEL.model_to_string(), tmp_path, features=written(frame, tmp_path))
    assert "HOUR" in sentence
    assert "40" in sentence
    assert "3, 7, 13, 20" in sentence


def test_an_ordered_category_that_the_text_does_not_place_is_refused_by_its_levels(tmp_path: Path) -> None:
    ordered = pd.Categorical(np.arange(800) % 2, categories=[0, 1], ordered=True)
    model = a_category_model(AGE=ordered)
    frame = a_frame(a_portfolio(20).client_ids.tolist()).assign(AGE=1)
    sentence = refusal(model.model_to_string(), tmp_path, features=written(frame, tmp_path))
    assert "0, 1" in sentence
    assert "HOUSING" in sentence


@pytest.mark.parametrize(
    "lists",
    [
        '[["a", 1]]',
        "[[null, 1]]",
        "[[1, 1]]",
        "[[]]",
        '{"a": 1}',
        "[[1e999]]",
        '[["\\ud800"]]',
        "[[" + "1" * 5000 + "]]",
        "[" * 50_000,
        "[[1, 2], [3]]",
    ],
)
def test_odd_lists_of_categories_are_refused(tmp_path: Path, lists: str) -> None:
    text = MODEL.model_to_string()
    head = text[: text.index("pandas_categorical:")]
    head = head.replace("[categorical_feature: 0,2,3,4,5]", "[categorical_feature: 0]")
    assert refusal(f"{head}pandas_categorical:{lists}\n", tmp_path)


def test_numbers_of_our_own_columns_are_looked_up_and_texts_are_not_guessed(tmp_path: Path) -> None:
    portfolio = a_portfolio(30)
    portfolio.feature_set.rows.all().delete()
    portfolio.feature_set.columns = [*MODEL.feature_name(), "REST"]
    portfolio.feature_set.save()
    assert "HOUSING" in refusal(MODEL.model_to_string(), tmp_path)


@pytest.mark.parametrize("disguise", [(0.0, 1.0), (7.5, np.nan), (np.nan, -3.0)])
def test_a_column_that_equals_sex_is_found_by_its_values(tmp_path: Path, disguise: tuple[float, float]) -> None:
    portfolio = a_portfolio(40)
    sex = np.arange(40) % 3 % 2  # also a client whose sex is not given
    codes = sex.astype(float)
    codes[7] = CATEGORIES["CODE_GENDER"].index("XNA")
    for client, code in zip(Client.objects.order_by("pk"), codes, strict=True):
        vector = np.full(len(POSITIONS), np.nan)
        vector[POSITIONS["CODE_GENDER"]] = code
        client.vector = vector
        client.save(update_fields=["application"])
    frame = pd.DataFrame({"SK_ID_CURR": portfolio.client_ids, "K": np.array(disguise)[sex], "x": np.arange(40)})
    features, text = written(frame, tmp_path), model_text(1, ("K", "x"))
    assert "K" in refusal(text, tmp_path, features=features)
    assert "--allow-protected" in refusal(text, tmp_path, features=features)
    assert "K" in registered(text, tmp_path, features=features, allow_protected=True).splitlines()[-1]
    with pytest.raises(ApplicationError) as refused:
        promote(model_version=ModelVersion.objects.get(), by=SYSTEM)
    assert refused.value.code == "protected"


@pytest.mark.parametrize("name", ["code gender", "Code_Gender_F", "is_CODE_GENDER", "NAME_INCOME_TYPE_Maternity_leave"])
def test_other_spellings_of_a_protected_name_are_protected(tmp_path: Path, name: str) -> None:
    a_portfolio(2)
    assert name.replace(" ", "_") in refusal(model_text(1, (name, "x")), tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x80\x04\x95\x00pickle.",
        b"(lp0\nVtext\np1\na.",
        b"PK\x03\x04",
        model_text().encode("utf-16"),
        model_text()[: len(model_text()) // 2].encode(),
        re.sub(r"decision_type=\d+", "decision_type=1", model_text()).encode(),
        model_text().replace("binary sigmoid:1", "binary sigmoid:abc").encode(),
    ],
    ids=["empty", "pickle", "text pickle", "zip", "UTF-16", "truncated", "SIGSEGV", "sigmoid"],
)
def test_a_file_of_another_kind_is_refused_with_a_sentence(tmp_path: Path, content: bytes) -> None:
    a_portfolio(2)
    assert refusal(content, tmp_path).endswith(".")


@pytest.mark.parametrize("change", [lambda text: text.replace("\n", "\r\n"), lambda text: "\ufeff" + text])
def test_the_card_of_a_file_with_other_line_ends_names_the_checksum_of_either(tmp_path: Path, change) -> None:
    a_portfolio(2)
    text = change(model_text())
    (tmp_path / "card.json").write_text(f'{{"sha256": "{sha256(text.encode()).hexdigest()}"}}')
    registered(text, tmp_path, card=tmp_path / "card.json")
    assert ModelVersion.objects.get().text == model_text()


@pytest.mark.parametrize(
    ("card", "named"),
    [
        ('{"threshold": %s}' % ("1" + "0" * 400), "threshold"),
        ('{"costs": {"false_negative": 1e999, "false_positive": 1}}', "costs.false_negative"),
        ('{"rounds": %s}' % ("1" * 5000), "rounds"),
        ('{"versions": {"a": "\\ud800"}}', "versions.a"),
        ('{"\\udfff": 1}', "udfff"),
        ('{"versions": {"a": "\\u0000"}}', "NUL"),
        ('{"rounds": 1, "rounds": 2}', "rounds"),
        ('{"importance": %s' % ("[" * 100_000), "JSON|imbriqu"),
        ('{"data": ' * 100_000, "JSON|imbriqu"),
        ('{"%s": 1}' % ("x" * 1_000_000), "xxx…"),
        ('{"sha256": "%s"}' % ("y" * 1_000_000), "yyy…"),
        ("NaN", "JSON|fini"),
        ("", "JSON"),
        ("\x00", "JSON"),
    ],
)
def test_a_card_made_to_harm_is_one_short_sentence(tmp_path: Path, card: str, named: str) -> None:
    a_portfolio(2)
    (tmp_path / "card.json").write_text(card)
    sentence = refusal(model_text(), tmp_path, card=tmp_path / "card.json")
    assert any(name in sentence for name in named.split("|"))
    assert len(sentence) < 400


def test_a_text_changed_in_the_database_is_not_loaded(tmp_path: Path) -> None:
    a_portfolio(2)
    registered(model_text(), tmp_path)
    version = ModelVersion.objects.get()
    assert model_of(version).sha256 == version.sha256
    version.text = version.text.replace("leaf_value=", "leaf_value=1", 1)
    with pytest.raises(ApplicationError) as refused:
        model_of(version)
    assert refused.value.code == "unusable_model"


def test_every_kind_of_category_is_in_the_model() -> None:
    assert set(CATEGORICAL) <= {
        name for name, gain in zip(MODEL.feature_name(), MODEL.feature_importance(), strict=True) if gain
    }
