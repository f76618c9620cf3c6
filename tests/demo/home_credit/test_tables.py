"""The generated tables agree with each other and with the conventions of the published ones."""

from pathlib import Path

import polars as pl
import pytest

from credit.ml import levels
from credit.ml.columns import APPLICATION, CATEGORIES, DAYS_SENTINEL, SIDE_TABLES
from credit.ml.progress import ignore_progress
from demo.home_credit import generate
from demo.home_credit.identities import AGENCIES

Tables = dict[str, pl.DataFrame]
#: Blanks of the published tables that are levels of their own.
BLANKS = {"XNA", "XAP"}


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Tables:
    folder = tmp_path_factory.mktemp("synthetic")
    generate(folder, clients=2500, seed=11, on_progress=ignore_progress)
    types = {name: kind for schema in (APPLICATION, *SIDE_TABLES) for name, kind in schema.columns.items()}
    return {path.stem: read(path, types) for path in folder.glob("*.csv")}


def read(path: Path, types: dict[str, type[pl.DataType]]) -> pl.DataFrame:
    names = pl.read_csv(path, n_rows=0).columns
    kept = {name: types[name] for name in names if name in types and name != "AMT_ANNUITY"}
    return pl.read_csv(path, schema_overrides=kept)


@pytest.fixture(scope="module")
def applications(tables: Tables) -> pl.DataFrame:
    return pl.concat([tables["application_train"].drop("TARGET"), tables["application_test"]])


@pytest.fixture(scope="module")
def previous(tables: Tables) -> pl.DataFrame:
    return tables["previous_application"]


def test_ids_are_unique(tables: Tables, applications: pl.DataFrame) -> None:
    assert applications["SK_ID_CURR"].is_unique().all()
    assert tables["bureau"]["SK_ID_BUREAU"].is_unique().all()
    assert tables["previous_application"]["SK_ID_PREV"].is_unique().all()
    assert tables["bureau_balance"].select("SK_ID_BUREAU", "MONTHS_BALANCE").is_unique().all()
    for name in ("POS_CASH_balance", "credit_card_balance"):
        assert tables[name].select("SK_ID_PREV", "MONTHS_BALANCE").is_unique().all()


def test_side_tables_refer_to_what_exists(tables: Tables, applications: pl.DataFrame) -> None:
    for name in ("bureau", "previous_application"):
        assert tables[name].join(applications, on="SK_ID_CURR", how="anti").is_empty()
    assert tables["bureau_balance"].join(tables["bureau"], on="SK_ID_BUREAU", how="anti").is_empty()
    for name in ("POS_CASH_balance", "installments_payments", "credit_card_balance"):
        missing = tables[name].join(tables["previous_application"], on=["SK_ID_PREV", "SK_ID_CURR"], how="anti")
        assert missing.is_empty()


@pytest.mark.parametrize(
    ("table", "kinds"),
    [
        ("POS_CASH_balance", {"Cash loans", "Consumer loans"}),
        ("credit_card_balance", {"Revolving loans"}),
        ("installments_payments", {"Cash loans", "Consumer loans", "Revolving loans"}),
    ],
)
def test_payments_belong_to_approved_contracts_of_the_right_type(
    tables: Tables, previous: pl.DataFrame, table: str, kinds: set[str]
) -> None:
    contracts = previous.join(tables[table].select("SK_ID_PREV").unique(), on="SK_ID_PREV")
    assert set(contracts["NAME_CONTRACT_STATUS"]) == {"Approved"}
    assert set(contracts["NAME_CONTRACT_TYPE"]) == kinds


def test_every_level_is_one_of_the_published_levels(tables: Tables, applications: pl.DataFrame) -> None:
    for name, known in CATEGORIES.items():
        assert set(applications[name].drop_nulls()) <= {*known, *BLANKS}
    published = {
        "bureau": levels.BUREAU,
        "previous_application": levels.PREVIOUS_APPLICATION,
        "POS_CASH_balance": levels.POS_CASH_BALANCE,
        "credit_card_balance": levels.CREDIT_CARD_BALANCE,
    }
    for table, texts in published.items():
        for name, known in texts.items():
            assert set(tables[table][name].drop_nulls()) <= {*known, *BLANKS}, name
    assert set(tables["bureau_balance"]["STATUS"].cast(pl.String)) == set(levels.BUREAU_BALANCE["STATUS"])


def test_the_retired_have_no_job(applications: pl.DataFrame) -> None:
    is_retired = applications["NAME_INCOME_TYPE"] == "Pensioner"
    assert ((applications["DAYS_EMPLOYED"] == DAYS_SENTINEL) == is_retired).all()
    assert ((applications["ORGANIZATION_TYPE"] == "XNA") == is_retired).all()
    assert ((applications["FLAG_EMP_PHONE"] == 0) == is_retired).all()
    assert applications.filter(is_retired)["OCCUPATION_TYPE"].null_count() == is_retired.sum()


def test_people_are_possible(applications: pl.DataFrame) -> None:
    working = applications.filter(pl.col("DAYS_EMPLOYED") < 0)
    assert (working["DAYS_EMPLOYED"] > working["DAYS_BIRTH"] + 17 * 365).all()
    partner = applications["NAME_FAMILY_STATUS"].is_in(["Married", "Civil marriage"]).cast(pl.Float64)
    assert (applications["CNT_FAM_MEMBERS"] == applications["CNT_CHILDREN"] + 1 + partner).all()
    assert (applications["OWN_CAR_AGE"].is_not_null() == (applications["FLAG_OWN_CAR"] == "Y")).all()
    assert applications["DAYS_BIRTH"].is_between(-26000, -7000).all()
    for name in ("EXT_SOURCE_1", "EXT_SOURCE_2", "EXT_SOURCE_3"):
        assert applications[name].drop_nulls().is_between(0, 1).all()


def test_amounts_are_coherent(applications: pl.DataFrame) -> None:
    assert (applications["AMT_CREDIT"] >= applications["AMT_GOODS_PRICE"]).all()
    assert (applications["AMT_CREDIT"] / applications["AMT_ANNUITY"]).is_between(7.9, 46).all()
    for name in ("AMT_CREDIT", "AMT_ANNUITY", "AMT_GOODS_PRICE", "AMT_INCOME_TOTAL"):
        assert (applications[name] % 4.5 == 0).all()


def test_building_columns_are_blank_together(applications: pl.DataFrame) -> None:
    for base in ("APARTMENTS", "ELEVATORS", "COMMONAREA"):
        blanks = [applications[f"{base}_{suffix}"].is_null() for suffix in ("AVG", "MODE", "MEDI")]
        assert (blanks[0] == blanks[1]).all()
        assert (blanks[0] == blanks[2]).all()
    both = applications.select(pl.corr(pl.col("APARTMENTS_AVG").is_null(), pl.col("TOTALAREA_MODE").is_null()))
    assert both.item() > 0.8


def test_social_circles_nest(applications: pl.DataFrame) -> None:
    known = applications.drop_nulls("OBS_30_CNT_SOCIAL_CIRCLE")
    assert (known["DEF_30_CNT_SOCIAL_CIRCLE"] <= known["OBS_30_CNT_SOCIAL_CIRCLE"]).all()
    assert (known["DEF_60_CNT_SOCIAL_CIRCLE"] <= known["DEF_30_CNT_SOCIAL_CIRCLE"]).all()


def test_bureau_credits_run_forwards_in_time(tables: Tables) -> None:
    bureau = tables["bureau"]
    assert (bureau["DAYS_CREDIT"] <= 0).all()
    closed = bureau.filter(pl.col("CREDIT_ACTIVE") != "Active")
    assert closed["DAYS_ENDDATE_FACT"].is_not_null().all()
    assert (closed["DAYS_ENDDATE_FACT"] >= closed["DAYS_CREDIT"]).all()
    assert bureau.filter(pl.col("CREDIT_ACTIVE") == "Active")["DAYS_ENDDATE_FACT"].is_null().all()
    assert (closed["AMT_CREDIT_SUM_DEBT"].drop_nulls() == 0).all()
    assert (bureau["DAYS_CREDIT_UPDATE"] >= bureau["DAYS_CREDIT"]).all()


def test_a_closed_credit_stays_closed(tables: Tables) -> None:
    statuses = tables["bureau_balance"].with_columns(pl.col("STATUS").cast(pl.String))
    ends = statuses.group_by("SK_ID_BUREAU").agg(
        pl.col("MONTHS_BALANCE").filter(pl.col("STATUS") == "C").min().alias("closed"),
        pl.col("MONTHS_BALANCE").filter(pl.col("STATUS") != "C").max().alias("last"),
        (pl.col("MONTHS_BALANCE").max() - pl.col("MONTHS_BALANCE").min() + 1 == pl.len()).alias("unbroken"),
    )
    assert (ends.drop_nulls()["closed"] > ends.drop_nulls()["last"]).all()
    assert ends["unbroken"].all()


def test_dates_of_contracts_follow_each_other(previous: pl.DataFrame) -> None:
    begun = previous.filter(
        pl.col("DAYS_FIRST_DUE").is_not_null() & (pl.col("NAME_CONTRACT_TYPE") != "Revolving loans")
    )
    assert set(begun["NAME_CONTRACT_STATUS"]) == {"Approved"}
    assert (begun["DAYS_FIRST_DUE"] > begun["DAYS_DECISION"]).all()
    assert (begun["DAYS_FIRST_DRAWING"] == DAYS_SENTINEL).all()
    ended = begun.filter(pl.col("DAYS_LAST_DUE") != DAYS_SENTINEL)
    assert (ended["DAYS_LAST_DUE"] <= ended["DAYS_LAST_DUE_1ST_VERSION"]).all()
    assert (ended["DAYS_TERMINATION"] >= ended["DAYS_LAST_DUE"]).all()
    assert (previous["DAYS_DECISION"] < 0).all()


def test_reasons_and_purposes_follow_the_status(previous: pl.DataFrame) -> None:
    refused = previous["NAME_CONTRACT_STATUS"] == "Refused"
    approved = previous["NAME_CONTRACT_STATUS"] == "Approved"
    assert (previous.filter(approved)["CODE_REJECT_REASON"] == "XAP").all()
    assert (previous.filter(refused)["CODE_REJECT_REASON"] != "XAP").all()
    goods = previous.filter(pl.col("NAME_CONTRACT_TYPE") == "Consumer loans")
    assert (goods["NAME_CASH_LOAN_PURPOSE"] == "XAP").all()
    down = goods.drop_nulls("AMT_DOWN_PAYMENT").filter(pl.col("AMT_APPLICATION") > 0)
    assert (down["AMT_DOWN_PAYMENT"] < down["AMT_APPLICATION"]).all()


def test_the_instalments_to_come_run_down(tables: Tables) -> None:
    pos = tables["POS_CASH_balance"].drop_nulls().sort("SK_ID_PREV", "MONTHS_BALANCE")
    steps = pos.select(pl.col("CNT_INSTALMENT_FUTURE").diff().over("SK_ID_PREV")).drop_nulls()
    assert (steps.to_series() <= 0).all()
    done = pos.filter(pl.col("NAME_CONTRACT_STATUS") == "Completed")
    assert (done["CNT_INSTALMENT_FUTURE"] == 0).all()
    assert (done["SK_DPD"] == 0).all()
    assert (pos["SK_DPD_DEF"] <= pos["SK_DPD"]).all()
    assert pos["MONTHS_BALANCE"].is_between(-96, -1).all()


def test_payments_of_an_instalment_add_up(tables: Tables) -> None:
    loans = tables["installments_payments"].filter(pl.col("NUM_INSTALMENT_VERSION") > 0)
    paid = loans.group_by("SK_ID_PREV", "NUM_INSTALMENT_NUMBER").agg(
        pl.col("AMT_INSTALMENT").first(), pl.col("AMT_PAYMENT").sum(), pl.len()
    )
    assert (paid["AMT_PAYMENT"] - paid["AMT_INSTALMENT"]).abs().max() < 0.02
    assert paid["len"].max() == 2
    assert (loans["DAYS_ENTRY_PAYMENT"] < 0).all()


def test_card_balances_add_up_from_month_to_month(tables: Tables) -> None:
    cards = tables["credit_card_balance"].sort("SK_ID_PREV", "MONTHS_BALANCE")
    before = pl.col("AMT_BALANCE").shift(1).over("SK_ID_PREV")
    owed = pl.max_horizontal(before * 1.024 - pl.col("AMT_PAYMENT_TOTAL_CURRENT"), 0.0)
    expected = owed + pl.col("AMT_DRAWINGS_CURRENT")
    difference = cards.select((pl.col("AMT_BALANCE") - expected).abs()).drop_nulls().to_series()
    assert difference.max() < 0.05
    assert (cards["AMT_BALANCE"] > 0).any()
    known = cards.drop_nulls("AMT_DRAWINGS_ATM_CURRENT")
    parts = sum(known[f"AMT_DRAWINGS_{kind}_CURRENT"] for kind in ("ATM", "POS", "OTHER"))
    assert (parts - known["AMT_DRAWINGS_CURRENT"]).abs().max() < 0.05


def test_the_payments_of_a_card_are_those_of_its_balances(tables: Tables) -> None:
    payments = tables["installments_payments"].filter(pl.col("NUM_INSTALMENT_VERSION") == 0)
    paid = payments.group_by("SK_ID_PREV").agg(pl.col("AMT_PAYMENT").sum())
    known = tables["credit_card_balance"].group_by("SK_ID_PREV").agg(pl.col("AMT_PAYMENT_TOTAL_CURRENT").sum())
    both = paid.join(known, on="SK_ID_PREV")
    assert both.height == paid.height > 100
    assert (both["AMT_PAYMENT"] - both["AMT_PAYMENT_TOTAL_CURRENT"]).abs().max() < 0.5


def test_each_client_has_an_invented_french_name_and_an_agency(tables: Tables, applications: pl.DataFrame) -> None:
    identities = tables["identities"]
    assert sorted(identities["SK_ID_CURR"]) == sorted(applications["SK_ID_CURR"])
    assert set(identities["AGENCY"]) == set(AGENCIES) == {"Paris", "Lyon", "Lille", "Bordeaux"}
    assert identities["FIRST_NAME"].str.contains("[éèëïçÉ]").any()
    sexes = identities.join(applications, on="SK_ID_CURR").filter(pl.col("FIRST_NAME") == "Marie")
    assert set(sexes["CODE_GENDER"]) == {"F"}
