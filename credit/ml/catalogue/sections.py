"""The columns of a client's file that people read and fill in, in sections; the order is that of the screens."""

from typing import Final

LOAN: Final = ("NAME_CONTRACT_TYPE", "AMT_CREDIT", "AMT_ANNUITY", "AMT_GOODS_PRICE")
WORK: Final = ("AMT_INCOME_TOTAL", "NAME_INCOME_TYPE", "OCCUPATION_TYPE", "ORGANIZATION_TYPE", "DAYS_EMPLOYED")
#: Sex is nowhere.
HOUSEHOLD: Final = (
    "DAYS_BIRTH",
    "NAME_FAMILY_STATUS",
    "CNT_CHILDREN",
    "CNT_FAM_MEMBERS",
    "NAME_EDUCATION_TYPE",
    "NAME_HOUSING_TYPE",
    "FLAG_OWN_REALTY",
    "FLAG_OWN_CAR",
    "OWN_CAR_AGE",
)
OUTSIDE: Final = (
    "EXT_SOURCE_1",
    "EXT_SOURCE_2",
    "EXT_SOURCE_3",
    "AMT_REQ_CREDIT_BUREAU_YEAR",
    "REGION_RATING_CLIENT",
    "DAYS_LAST_PHONE_CHANGE",
)
