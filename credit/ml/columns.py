"""The seven Home Credit tables: each column's name and type, spelled once.

Source: Kaggle, Home Credit Default Risk, in the order of the published files.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import polars as pl

from credit.ml import levels

CLIENT_ID: Final = "SK_ID_CURR"
TARGET: Final = "TARGET"
#: The largest identifier of clients and credits: a float, as JavaScript and pandas hold numbers, is exact up to it.
LARGEST_ID: Final = 2**53
#: Larger than any amount, rate or count of this domain; its square still fits a Float32.
LARGEST_NUMBER: Final = 1e12
#: DAYS_EMPLOYED and several DAYS_* of previous applications use this number for "does not apply".
DAYS_SENTINEL: Final = 365243
#: Sex decides nothing and is offered nowhere; it is kept for the fairness report alone.
PROTECTED: Final = ("CODE_GENDER",)
#: Category that stands for sex alone; it is merged into the blank before any feature is built.
PROTECTED_CATEGORIES: Final = {"NAME_INCOME_TYPE": ("Maternity leave",)}


def protected_among(names: Iterable[str]) -> tuple[str, ...]:
    """Those of the columns that are a protected attribute, however spelled, or a level of one (CODE_GENDER_F)."""
    levels = [f"{column}_{level}" for column, protected in PROTECTED_CATEGORIES.items() for level in protected]
    marks = [_folded(mark) for mark in (*PROTECTED, *levels)]
    return tuple(name for name in names if any(mark in _folded(name) for mark in marks))


def _folded(name: str) -> str:
    return "".join(character for character in name.casefold() if character.isalnum())


@dataclass(frozen=True, slots=True)
class TableSchema:
    """One table: its file name without extension and its columns in file order."""

    name: str
    columns: dict[str, type[pl.DataType]]


def _columns(spec: str) -> dict[str, type[pl.DataType]]:
    """Columns of a compact listing: ``NAME`` is a float, ``NAME:i`` an integer, ``NAME:s`` a text."""
    types: dict[str, type[pl.DataType]] = {"": pl.Float64, "i": pl.Int64, "s": pl.String}
    parsed = (word.partition(":") for word in spec.split())
    return {name: types[kind] for name, _, kind in parsed}


APPLICATION: Final = TableSchema(
    "application",
    _columns("""
        SK_ID_CURR:i NAME_CONTRACT_TYPE:s CODE_GENDER:s FLAG_OWN_CAR:s FLAG_OWN_REALTY:s CNT_CHILDREN:i
        AMT_INCOME_TOTAL AMT_CREDIT AMT_ANNUITY AMT_GOODS_PRICE NAME_TYPE_SUITE:s NAME_INCOME_TYPE:s
        NAME_EDUCATION_TYPE:s NAME_FAMILY_STATUS:s NAME_HOUSING_TYPE:s REGION_POPULATION_RELATIVE DAYS_BIRTH:i
        DAYS_EMPLOYED:i DAYS_REGISTRATION DAYS_ID_PUBLISH:i OWN_CAR_AGE FLAG_MOBIL:i FLAG_EMP_PHONE:i
        FLAG_WORK_PHONE:i FLAG_CONT_MOBILE:i FLAG_PHONE:i FLAG_EMAIL:i OCCUPATION_TYPE:s CNT_FAM_MEMBERS
        REGION_RATING_CLIENT:i REGION_RATING_CLIENT_W_CITY:i WEEKDAY_APPR_PROCESS_START:s
        HOUR_APPR_PROCESS_START:i REG_REGION_NOT_LIVE_REGION:i REG_REGION_NOT_WORK_REGION:i
        LIVE_REGION_NOT_WORK_REGION:i REG_CITY_NOT_LIVE_CITY:i REG_CITY_NOT_WORK_CITY:i
        LIVE_CITY_NOT_WORK_CITY:i ORGANIZATION_TYPE:s EXT_SOURCE_1 EXT_SOURCE_2 EXT_SOURCE_3 APARTMENTS_AVG
        BASEMENTAREA_AVG YEARS_BEGINEXPLUATATION_AVG YEARS_BUILD_AVG COMMONAREA_AVG ELEVATORS_AVG
        ENTRANCES_AVG FLOORSMAX_AVG FLOORSMIN_AVG LANDAREA_AVG LIVINGAPARTMENTS_AVG LIVINGAREA_AVG
        NONLIVINGAPARTMENTS_AVG NONLIVINGAREA_AVG APARTMENTS_MODE BASEMENTAREA_MODE
        YEARS_BEGINEXPLUATATION_MODE YEARS_BUILD_MODE COMMONAREA_MODE ELEVATORS_MODE ENTRANCES_MODE
        FLOORSMAX_MODE FLOORSMIN_MODE LANDAREA_MODE LIVINGAPARTMENTS_MODE LIVINGAREA_MODE
        NONLIVINGAPARTMENTS_MODE NONLIVINGAREA_MODE APARTMENTS_MEDI BASEMENTAREA_MEDI
        YEARS_BEGINEXPLUATATION_MEDI YEARS_BUILD_MEDI COMMONAREA_MEDI ELEVATORS_MEDI ENTRANCES_MEDI
        FLOORSMAX_MEDI FLOORSMIN_MEDI LANDAREA_MEDI LIVINGAPARTMENTS_MEDI LIVINGAREA_MEDI
        NONLIVINGAPARTMENTS_MEDI NONLIVINGAREA_MEDI FONDKAPREMONT_MODE:s HOUSETYPE_MODE:s TOTALAREA_MODE
        WALLSMATERIAL_MODE:s EMERGENCYSTATE_MODE:s OBS_30_CNT_SOCIAL_CIRCLE DEF_30_CNT_SOCIAL_CIRCLE
        OBS_60_CNT_SOCIAL_CIRCLE DEF_60_CNT_SOCIAL_CIRCLE DAYS_LAST_PHONE_CHANGE FLAG_DOCUMENT_2:i
        FLAG_DOCUMENT_3:i FLAG_DOCUMENT_4:i FLAG_DOCUMENT_5:i FLAG_DOCUMENT_6:i FLAG_DOCUMENT_7:i
        FLAG_DOCUMENT_8:i FLAG_DOCUMENT_9:i FLAG_DOCUMENT_10:i FLAG_DOCUMENT_11:i FLAG_DOCUMENT_12:i
        FLAG_DOCUMENT_13:i FLAG_DOCUMENT_14:i FLAG_DOCUMENT_15:i FLAG_DOCUMENT_16:i FLAG_DOCUMENT_17:i
        FLAG_DOCUMENT_18:i FLAG_DOCUMENT_19:i FLAG_DOCUMENT_20:i FLAG_DOCUMENT_21:i AMT_REQ_CREDIT_BUREAU_HOUR
        AMT_REQ_CREDIT_BUREAU_DAY AMT_REQ_CREDIT_BUREAU_WEEK AMT_REQ_CREDIT_BUREAU_MON
        AMT_REQ_CREDIT_BUREAU_QRT AMT_REQ_CREDIT_BUREAU_YEAR
    """),
)

BUREAU: Final = TableSchema(
    "bureau",
    _columns("""
        SK_ID_CURR:i SK_ID_BUREAU:i CREDIT_ACTIVE:s CREDIT_CURRENCY:s DAYS_CREDIT:i CREDIT_DAY_OVERDUE:i
        DAYS_CREDIT_ENDDATE DAYS_ENDDATE_FACT AMT_CREDIT_MAX_OVERDUE CNT_CREDIT_PROLONG:i AMT_CREDIT_SUM
        AMT_CREDIT_SUM_DEBT AMT_CREDIT_SUM_LIMIT AMT_CREDIT_SUM_OVERDUE CREDIT_TYPE:s DAYS_CREDIT_UPDATE:i
        AMT_ANNUITY
    """),
)

BUREAU_BALANCE: Final = TableSchema(
    "bureau_balance",
    _columns("""
        SK_ID_BUREAU:i MONTHS_BALANCE:i STATUS:s
    """),
)

PREVIOUS_APPLICATION: Final = TableSchema(
    "previous_application",
    _columns("""
        SK_ID_PREV:i SK_ID_CURR:i NAME_CONTRACT_TYPE:s AMT_ANNUITY AMT_APPLICATION AMT_CREDIT AMT_DOWN_PAYMENT
        AMT_GOODS_PRICE WEEKDAY_APPR_PROCESS_START:s HOUR_APPR_PROCESS_START:i FLAG_LAST_APPL_PER_CONTRACT:s
        NFLAG_LAST_APPL_IN_DAY:i RATE_DOWN_PAYMENT RATE_INTEREST_PRIMARY RATE_INTEREST_PRIVILEGED
        NAME_CASH_LOAN_PURPOSE:s NAME_CONTRACT_STATUS:s DAYS_DECISION:i NAME_PAYMENT_TYPE:s
        CODE_REJECT_REASON:s NAME_TYPE_SUITE:s NAME_CLIENT_TYPE:s NAME_GOODS_CATEGORY:s NAME_PORTFOLIO:s
        NAME_PRODUCT_TYPE:s CHANNEL_TYPE:s SELLERPLACE_AREA:i NAME_SELLER_INDUSTRY:s CNT_PAYMENT
        NAME_YIELD_GROUP:s PRODUCT_COMBINATION:s DAYS_FIRST_DRAWING DAYS_FIRST_DUE DAYS_LAST_DUE_1ST_VERSION
        DAYS_LAST_DUE DAYS_TERMINATION NFLAG_INSURED_ON_APPROVAL
    """),
)

POS_CASH_BALANCE: Final = TableSchema(
    "POS_CASH_balance",
    _columns("""
        SK_ID_PREV:i SK_ID_CURR:i MONTHS_BALANCE:i CNT_INSTALMENT CNT_INSTALMENT_FUTURE NAME_CONTRACT_STATUS:s
        SK_DPD:i SK_DPD_DEF:i
    """),
)

INSTALLMENTS_PAYMENTS: Final = TableSchema(
    "installments_payments",
    _columns("""
        SK_ID_PREV:i SK_ID_CURR:i NUM_INSTALMENT_VERSION NUM_INSTALMENT_NUMBER DAYS_INSTALMENT
        DAYS_ENTRY_PAYMENT AMT_INSTALMENT AMT_PAYMENT
    """),
)

CREDIT_CARD_BALANCE: Final = TableSchema(
    "credit_card_balance",
    _columns("""
        SK_ID_PREV:i SK_ID_CURR:i MONTHS_BALANCE:i AMT_BALANCE AMT_CREDIT_LIMIT_ACTUAL:i
        AMT_DRAWINGS_ATM_CURRENT AMT_DRAWINGS_CURRENT AMT_DRAWINGS_OTHER_CURRENT AMT_DRAWINGS_POS_CURRENT
        AMT_INST_MIN_REGULARITY AMT_PAYMENT_CURRENT AMT_PAYMENT_TOTAL_CURRENT AMT_RECEIVABLE_PRINCIPAL
        AMT_RECIVABLE AMT_TOTAL_RECEIVABLE CNT_DRAWINGS_ATM_CURRENT CNT_DRAWINGS_CURRENT:i
        CNT_DRAWINGS_OTHER_CURRENT CNT_DRAWINGS_POS_CURRENT CNT_INSTALMENT_MATURE_CUM NAME_CONTRACT_STATUS:s
        SK_DPD:i SK_DPD_DEF:i
    """),
)

#: Side tables in the order in which features are built.
SIDE_TABLES: Final = (
    BUREAU,
    BUREAU_BALANCE,
    PREVIOUS_APPLICATION,
    POS_CASH_BALANCE,
    INSTALLMENTS_PAYMENTS,
    CREDIT_CARD_BALANCE,
)


#: Levels of each text column of an application, in the order of their codes (0, 1, ...). The model reads the code, so
#: neighbours are similar: incomes by stability, education by length, occupations by skill (Source: ISCO-08 major
#: groups), organisations by sector (Source: NACE rev. 2 sections), the rest by custom. The import reports other levels.
CATEGORIES: Final = levels.APPLICATION

#: Levels that say "not known" or "does not apply"; features see a blank.
BLANK_LEVELS: Final = ("XNA", "XAP", "Unknown")
