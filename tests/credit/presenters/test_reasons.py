"""No reason says what the file does not hold, and none contradicts its own evidence."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict

import lightgbm as lgb
import numpy as np
import pytest
from django.utils import translation

from credit.ml.card import TrainingConfig
from credit.ml.catalogue import describe
from credit.ml.catalogue.texts import reason_words
from credit.ml.columns import CATEGORIES, CLIENT_ID, PROTECTED, TARGET
from credit.ml.explanation import probability_points
from credit.ml.features import build_features, feature_names
from credit.ml.population import population_summary
from credit.ml.progress import ignore_progress
from credit.ml.reasons import COUNTED, MAX_REASONS, Reason, find_reasons
from credit.ml.training.boosting import directions
from credit.presenters.reasons import present_reasons, reason_text
from credit.selectors.model_versions import ClientExplanation
from tests.builders.home_credit import REAL_FOLDER, needs_real_tables, open_folders
from tests.builders.reasons import NAMES, TABLES, DrawnClient, contradiction, drawn_clients, faults_of_french


def check(clients: Iterator[DrawnClient]) -> Counter[str]:
    """How often each feature leads; every reason is true, agrees with its effect, and reads well in both languages."""
    leads: Counter[str] = Counter()
    for client in clients:
        for reason in client.reasons[:MAX_REASONS]:
            leads[reason.feature] += 1
            raw = client.values[NAMES.index(reason.feature)]
            assert (reason.value is None) == np.isnan(raw), reason
            assert reason.value is None or reason.value == raw, reason
            assert contradiction(reason) == "", reason
            if reason.form == "no_rows":
                count = client.values[NAMES.index(f"{reason.feature.partition('_')[0]}_COUNT")]
                assert not count > 0, reason
            if reason.form == "sentinel":
                assert client.application["DAYS_EMPLOYED"] == 365243
            with translation.override("fr"):
                french = reason_text(reason)
            with translation.override("en"):
                assert reason_text(reason) not in ("", french)
            assert faults_of_french(french) == [], french
    return leads


def test_no_reason_of_a_thousand_clients_contradicts_its_evidence_or_states_what_is_blank() -> None:
    leads = check(drawn_clients(1000, seed=1))
    assert len(leads) > 60
    assert leads.total() > 2000


@pytest.mark.slow
def test_nor_of_five_thousand() -> None:
    assert check(drawn_clients(5000, seed=2)).total() > 10_000


@pytest.fixture(scope="module")
def real_clients() -> list[DrawnClient]:
    """All real clients, explained by a small model of ours."""
    tables = open_folders([REAL_FOLDER, REAL_FOLDER / "more_applications"])
    features = build_features(tables, ignore_progress)
    applications = tables.application.collect().sort(CLIENT_ID)
    matrix = features.select(NAMES).to_numpy().astype(np.float32)
    target = applications[TARGET].to_numpy()
    is_known = ~np.isnan(target.astype(np.float64))
    constraints = directions(NAMES, TrainingConfig())
    options = {"objective": "binary", "verbosity": -1, "num_leaves": 6, "num_threads": 1, "learning_rate": 0.1}
    options |= {"feature_fraction": 0.1, "seed": 1, "monotone_constraints": constraints}
    data = lgb.Dataset(matrix[is_known], label=target[is_known], feature_name=list(NAMES))
    booster = lgb.train(options, data, 150)
    parts = np.asarray(booster.predict(matrix, pred_contrib=True, num_threads=1))
    points = probability_points(parts[:, :-1], float(parts[0, -1]))
    population = population_summary(features.drop(CLIENT_ID))
    medians = {name: {"median": summary["median"]} for name, summary in population.items()}
    values = matrix.astype(np.float64)
    employed = applications["DAYS_EMPLOYED"].to_list()
    return [
        DrawnClient(values[row], points[row], medians, {"DAYS_EMPLOYED": employed[row]}) for row in range(len(values))
    ]


@needs_real_tables
@pytest.mark.real_data
@pytest.mark.slow
def test_nor_of_all_real_clients(real_clients: list[DrawnClient]) -> None:
    leads = check(iter(real_clients))
    assert leads.total() > 3 * len(real_clients)


@pytest.mark.parametrize("key", reason_words())
def test_every_leading_fact_is_a_feature_with_words_in_both_languages(key: tuple[str, str]) -> None:
    name, form = key
    words = reason_words()[key]
    assert words.fr and words.en and words.fr != words.en
    fields = {"value": {"value"}, "one": {"value"}, "of": {"count", "of"}, "of_one": {"count", "of"}}.get(form, set())
    for text in (words.fr, words.en):
        found = set(re.findall(r"{(\w+)}", text))
        assert found == fields or (form == "one" and not found), text
    assert re.search(r" [:;?!»]|« |'", words.fr) is None
    if form == "blank" and name in TABLES:
        return
    assert name in feature_names() and name not in PROTECTED
    if form == "of":
        assert COUNTED[name] in feature_names()
        assert (name, "of_one") in reason_words()


def a_reason(feature: str, points: float = 0.02, **facts: object) -> Reason:
    return Reason(describe(feature).theme, points, feature, **facts)


@pytest.mark.parametrize(
    ("reason", "text"),
    [
        (
            a_reason("INSTAL_IS_LATE_MEAN", form="of", value=2 / 3, median=0.077, of=3),
            "2 échéances sur 3 payées en retard (médiane\u00a0: 7,7\u202f%)",
        ),
        (
            a_reason("INSTAL_IS_LATE_MEAN", form="of", value=1 / 3, median=0.077, of=3),
            "1 échéance sur 3 payée en retard (médiane\u00a0: 7,7\u202f%)",
        ),
        (a_reason("INSTAL_IS_LATE_MEAN", -0.01, form="zero", value=0.0), "Aucune échéance payée en retard"),
        (a_reason("INSTAL_IS_LATE_MEAN", form="no_rows"), "Aucune échéance connue chez nous"),
        (a_reason("BUREAU_DEBT_TO_INCOME", form="no_rows"), "Aucun historique connu au bureau de crédit"),
        (a_reason("DAYS_EMPLOYED", form="sentinel"), "Sans emploi ou à la retraite"),
        (a_reason("DAYS_EMPLOYED", form="blank"), "Ancienneté dans l’emploi non renseignée"),
        (
            a_reason("DAYS_EMPLOYED", value=-400.0, median=-1600.0),
            "En poste depuis 1\u00a0an (médiane\u00a0: 4\u00a0ans)",
        ),
        (
            a_reason("BUREAU_ACTIVE_COUNT", value=1.0, median=2.0),
            "1 crédit en cours dans d’autres établissements (médiane\u00a0: 2)",
        ),
        (
            a_reason("BUREAU_ACTIVE_COUNT", value=3.0, median=2.0),
            "3 crédits en cours dans d’autres établissements (médiane\u00a0: 2)",
        ),
        (a_reason("CNT_FAM_MEMBERS", value=1.0, median=1.0), "Foyer d’une personne"),
        (a_reason("NAME_HOUSING_TYPE", value=4.0), "Habitat\u00a0: logement en location"),
        (a_reason("ENQUIRIES_COUNT", form="blank"), "Consultations du bureau de crédit non renseignées"),
        (
            Reason("their_column", 0.01, "their_column", value=3.5, median=2.0),
            "their_column\u00a0: 3,50 (médiane\u00a0: 2)",
        ),
        (Reason("their_column", 0.01, "their_column", "blank"), "their_column\u00a0: non renseigné"),
        (Reason("bureau_debt", 0.01), "Dettes dans d’autres établissements"),
    ],
)
def test_reasons_read_well(reason: Reason, text: str) -> None:
    with translation.override("fr"):
        assert reason_text(reason) == text


def found(values: dict[str, float], points: dict[str, float], **application: object) -> tuple[Reason, ...]:
    names = tuple(values)
    medians = {"EXT_SOURCE_2": 0.57, "DAYS_EMPLOYED": -1600.0, "INSTAL_IS_LATE_MEAN": 0.077, "DOCUMENT_COUNT": 1.0}
    population = {name: {"median": medians.get(name, 1.0)} for name in names}
    array = np.array([points[name] for name in names])
    return find_reasons(names, np.array(list(values.values())), array, population, application)


def test_evidence_against_its_own_effect_leads_nothing() -> None:
    """More late payments than most happen to lower the risk: not a reason to give."""
    assert found({"INSTAL_IS_LATE_MEAN": 0.102}, {"INSTAL_IS_LATE_MEAN": -0.01}) == ()
    [reason] = found({"INSTAL_IS_LATE_MEAN": 0.102}, {"INSTAL_IS_LATE_MEAN": 0.01})
    assert reason.feature == "INSTAL_IS_LATE_MEAN"


def test_a_weak_fact_of_a_theme_does_not_lead_it_nor_one_that_pulls_the_other_way() -> None:
    values = {"DAYS_EMPLOYED": -400.0, "INCOME_TO_EMPLOYED_RATIO": -3.0}
    assert found(values, {"DAYS_EMPLOYED": 0.0005, "INCOME_TO_EMPLOYED_RATIO": 0.02}) == ()
    assert found(values, {"DAYS_EMPLOYED": -0.005, "INCOME_TO_EMPLOYED_RATIO": 0.02}) == ()
    [reason] = found(values, {"DAYS_EMPLOYED": 0.005, "INCOME_TO_EMPLOYED_RATIO": 0.02})
    assert (reason.feature, round(reason.points, 4)) == ("DAYS_EMPLOYED", 0.025)


def test_missing_documents_never_lead_a_reason() -> None:
    assert found({"DOCUMENT_COUNT": 0.0}, {"DOCUMENT_COUNT": -0.02}) == ()


def test_an_age_of_a_car_that_is_a_code_leads_nothing() -> None:
    assert len(found({"OWN_CAR_AGE": 30.0}, {"OWN_CAR_AGE": 0.02})) == 1
    assert found({"OWN_CAR_AGE": 64.0}, {"OWN_CAR_AGE": 0.02}) == ()


def test_missing_information_raises_the_risk_or_leads_nothing() -> None:
    [reason] = found({"OCCUPATION_TYPE": float("nan")}, {"OCCUPATION_TYPE": 0.02})
    assert reason.form == "blank"
    assert found({"OCCUPATION_TYPE": float("nan")}, {"OCCUPATION_TYPE": -0.02}) == ()


def test_a_blank_is_of_the_table_only_where_the_table_has_no_row() -> None:
    late = "BUREAU_AMT_CREDIT_MAX_OVERDUE_MAX"
    blank = {late: float("nan"), "BUREAU_COUNT": float("nan")}
    [reason] = found(blank, {late: 0.02, "BUREAU_COUNT": 0.0})
    assert reason.form == "no_rows"
    assert found(blank | {"BUREAU_COUNT": 3.0}, {late: 0.02, "BUREAU_COUNT": 0.0}) == ()
    assert found({late: float("nan")}, {late: 0.02}) == ()


def test_each_column_of_a_model_trained_elsewhere_is_a_reason_of_its_own() -> None:
    reasons = found({"theirs": 2.0, "other": float("nan")}, {"theirs": 0.01, "other": -0.03})
    assert [(reason.theme, reason.form) for reason in reasons] == [("other", "blank"), ("theirs", "value")]


def test_reasons_and_other_elements_add_up_exactly_and_as_shown() -> None:
    for client in drawn_clients(50, seed=3):
        total = float(client.points.sum())
        base = 0.08
        view = present_reasons(an_explanation(client, base, base + total), client.reasons)
        assert len(view.rows) == min(MAX_REASONS, len(client.reasons))
        parts = sum(row.points for row in view.rows) + view.others
        assert view.base_probability + parts == pytest.approx(view.probability, abs=1e-12)
        shown = [round(each, 3) for each in (view.base_probability, *(row.points for row in view.rows))]
        assert sum(shown) + view.shown_others == pytest.approx(round(view.probability, 3), abs=1e-9)
        assert [row.start for row in view.rows[1:]] == [row.end for row in view.rows[:-1]]


def an_explanation(client: DrawnClient, base: float, probability: float) -> ClientExplanation:
    base_value = float(np.log(base / (1 - base)))
    return ClientExplanation(NAMES, client.values, client.points, client.points, base_value, probability, 0.0)


def test_reasons_survive_the_json_of_a_decision() -> None:
    for client in drawn_clients(20, seed=4):
        for reason in client.reasons:
            assert Reason(**json.loads(json.dumps(asdict(reason), allow_nan=False))) == reason
            assert reason.feature not in CATEGORIES or reason.median is None
