"""Aggregates of the real tables in plain SQL."""

BUREAU = """
    SELECT b.* EXCLUDE (DAYS_CREDIT_ENDDATE, DAYS_ENDDATE_FACT, DAYS_CREDIT_UPDATE), h.*,
        if(DAYS_CREDIT_ENDDATE > -40000, DAYS_CREDIT_ENDDATE, NULL) AS planned_end,
        if(DAYS_ENDDATE_FACT > -40000, DAYS_ENDDATE_FACT, NULL) AS actual_end,
        if(DAYS_CREDIT_UPDATE > -40000, DAYS_CREDIT_UPDATE, NULL) AS updated
    FROM bureau b LEFT JOIN (
        SELECT SK_ID_BUREAU AS id, count(*) AS months,
            sum(if(STATUS IN ('1', '2', '3', '4', '5'), 1, 0)) AS late,
            sum(if(STATUS IN ('1', '2', '3', '4', '5') AND MONTHS_BALANCE >= -12, 1, 0)) AS late_12,
            avg(if(STATUS = 'C', 1, 0)) AS closed_share,
            max(CASE WHEN STATUS IN ('C', 'X') THEN NULL ELSE CAST(STATUS AS INT) END) AS worst
        FROM bureau_balance GROUP BY ALL
    ) h ON h.id = b.SK_ID_BUREAU
"""
PREVIOUS = """
    SELECT *, row_number() OVER (PARTITION BY SK_ID_CURR ORDER BY DAYS_DECISION DESC, SK_ID_PREV DESC) AS rank,
        AMT_APPLICATION / nullif(AMT_CREDIT, 0) AS asked_share,
        (AMT_ANNUITY * CNT_PAYMENT / nullif(AMT_CREDIT, 0) - 1) / nullif(CNT_PAYMENT, 0) AS interest,
        nullif(DAYS_LAST_DUE, 365243) AS last_due, nullif(DAYS_LAST_DUE_1ST_VERSION, 365243) AS planned_due
    FROM previous_application
"""
POS = """
    SELECT *, MONTHS_BALANCE = max(MONTHS_BALANCE) OVER (PARTITION BY SK_ID_PREV) AS is_latest
    FROM POS_CASH_balance
"""
INSTALMENTS = """
    SELECT *,
        if(DAYS_ENTRY_PAYMENT IS NULL, NULL, greatest(DAYS_ENTRY_PAYMENT - DAYS_INSTALMENT, 0)) AS late,
        if(DAYS_ENTRY_PAYMENT IS NULL, NULL, greatest(DAYS_INSTALMENT - DAYS_ENTRY_PAYMENT, 0)) AS early
    FROM installments_payments
"""
CARDS = "SELECT *, AMT_BALANCE / nullif(AMT_CREDIT_LIMIT_ACTUAL, 0) AS use FROM credit_card_balance"

#: (rows, condition, {feature: SQL})
ORACLE: list[tuple[str, str, dict[str, str]]] = [
    (
        BUREAU,
        "true",
        {
            "BUREAU_COUNT": "count(*)",
            "BUREAU_ACTIVE_COUNT": "sum(if(CREDIT_ACTIVE = 'Active', 1, 0))",
            "BUREAU_LAST12M_COUNT": "sum(if(DAYS_CREDIT >= -365, 1, 0))",
            "BUREAU_DAYS_CREDIT_MIN": "min(DAYS_CREDIT)",
            "BUREAU_DAYS_CREDIT_VAR": "var_samp(DAYS_CREDIT)",
            "BUREAU_DAYS_CREDIT_ENDDATE_MEAN": "avg(planned_end)",
            "BUREAU_DAYS_ENDDATE_FACT_MIN": "min(actual_end)",
            "BUREAU_DAYS_CREDIT_UPDATE_MAX": "max(updated)",
            "BUREAU_AMT_CREDIT_SUM_SUM": "sum(AMT_CREDIT_SUM)",
            "BUREAU_AMT_CREDIT_SUM_VAR": "var_samp(AMT_CREDIT_SUM)",
            "BUREAU_AMT_CREDIT_MAX_OVERDUE_MEAN": "avg(AMT_CREDIT_MAX_OVERDUE)",
            "BUREAU_AMT_ANNUITY_SUM": "sum(AMT_ANNUITY)",
            "BUREAU_ENDDATE_DIFF_MEAN": "avg(planned_end - actual_end)",
            "BUREAU_CREDIT_DURATION_MAX": "max(planned_end - DAYS_CREDIT)",
            "BUREAU_DEBT_CREDIT_RATIO_MAX": "max(AMT_CREDIT_SUM_DEBT / nullif(AMT_CREDIT_SUM, 0))",
            "BUREAU_CREDIT_TYPE_Mortgage_MEAN": "avg(if(CREDIT_TYPE = 'Mortgage', 1, 0))",
            "BUREAU_CREDIT_TYPE_NUNIQUE": "count(DISTINCT CREDIT_TYPE)",
            "BUREAU_MONTHS_BALANCE_SIZE_SUM": "sum(months)",
            "BUREAU_LATE_COUNT_SUM": "sum(late)",
            "BUREAU_LATE_COUNT_12M_SUM": "sum(late_12)",
            "BUREAU_LATE_MEAN_MAX": "max(late / months)",
            "BUREAU_STATUS_C_MEAN_MEAN": "avg(closed_share)",
            "BUREAU_STATUS_WORST_MAX": "max(worst)",
        },
    ),
    (
        BUREAU,
        "CREDIT_ACTIVE = 'Active'",
        {
            "BUREAU_ACTIVE_AMT_CREDIT_SUM_DEBT_SUM": "sum(AMT_CREDIT_SUM_DEBT)",
            "BUREAU_ACTIVE_DAYS_CREDIT_ENDDATE_MAX": "max(planned_end)",
            "BUREAU_ACTIVE_AMT_CREDIT_SUM_OVERDUE_SUM": "sum(AMT_CREDIT_SUM_OVERDUE)",
        },
    ),
    (
        BUREAU,
        "CREDIT_ACTIVE = 'Closed'",
        {
            "BUREAU_CLOSED_AMT_CREDIT_SUM_MEAN": "avg(AMT_CREDIT_SUM)",
            "BUREAU_CLOSED_ENDDATE_DIFF_MIN": "min(planned_end - actual_end)",
        },
    ),
    (BUREAU, "CREDIT_TYPE = 'Credit card'", {"BUREAU_CARD_AMT_CREDIT_SUM_LIMIT_SUM": "sum(AMT_CREDIT_SUM_LIMIT)"}),
    (BUREAU, "CREDIT_TYPE = 'Consumer credit'", {"BUREAU_CONSUMER_AMT_CREDIT_SUM_MAX": "max(AMT_CREDIT_SUM)"}),
    (BUREAU, "CREDIT_TYPE = 'Mortgage'", {"BUREAU_MORTGAGE_AMT_CREDIT_SUM_DEBT_SUM": "sum(AMT_CREDIT_SUM_DEBT)"}),
    (BUREAU, "CREDIT_TYPE = 'Microloan'", {"BUREAU_MICROLOAN_DAYS_CREDIT_MAX": "max(DAYS_CREDIT)"}),
    (BUREAU, "DAYS_CREDIT >= -365", {"BUREAU_LAST12M_AMT_ANNUITY_SUM": "sum(AMT_ANNUITY)"}),
    (
        PREVIOUS,
        "true",
        {
            "PREV_COUNT": "count(*)",
            "PREV_REFUSED_COUNT": "sum(if(NAME_CONTRACT_STATUS = 'Refused', 1, 0))",
            "PREV_AMT_CREDIT_SUM": "sum(AMT_CREDIT)",
            "PREV_AMT_DOWN_PAYMENT_MAX": "max(AMT_DOWN_PAYMENT)",
            "PREV_APP_CREDIT_PERC_VAR": "var_samp(asked_share)",
            "PREV_INTEREST_RATE_MEAN": "avg(interest)",
            "PREV_DAYS_FIRST_DRAWING_MAX": "max(nullif(DAYS_FIRST_DRAWING, 365243))",
            "PREV_DAYS_TERMINATION_MEAN": "avg(nullif(DAYS_TERMINATION, 365243))",
            "PREV_DAYS_LAST_DUE_DIFF_MEAN": "avg(planned_due - last_due)",
            "PREV_CODE_REJECT_REASON_HC_MEAN": "avg(if(CODE_REJECT_REASON = 'HC', 1, 0))",
            "PREV_NAME_GOODS_CATEGORY_Mobile_MEAN": "avg(if(NAME_GOODS_CATEGORY = 'Mobile', 1, 0))",
            "PREV_NFLAG_INSURED_ON_APPROVAL_MEAN": "avg(NFLAG_INSURED_ON_APPROVAL)",
            "PREV_DECISION_GAP_MEAN": "(max(DAYS_DECISION) - min(DAYS_DECISION)) / nullif(count(*) - 1, 0)",
        },
    ),
    (
        PREVIOUS,
        "NAME_CONTRACT_STATUS = 'Approved'",
        {
            "PREV_APPROVED_AMT_ANNUITY_MEAN": "avg(AMT_ANNUITY)",
            "PREV_APPROVED_CNT_PAYMENT_MEAN": "avg(CNT_PAYMENT)",
        },
    ),
    (
        PREVIOUS,
        "NAME_CONTRACT_STATUS = 'Refused'",
        {"PREV_REFUSED_DAYS_DECISION_MAX": "max(DAYS_DECISION)", "PREV_REFUSED_AMT_CREDIT_MEAN": "avg(AMT_CREDIT)"},
    ),
    (
        PREVIOUS,
        "NAME_CONTRACT_STATUS = 'Approved' AND DAYS_LAST_DUE = 365243",
        {"PREV_RUNNING_AMT_ANNUITY_SUM": "sum(AMT_ANNUITY)", "PREV_RUNNING_AMT_CREDIT_SUM": "sum(AMT_CREDIT)"},
    ),
    (PREVIOUS, "NAME_CONTRACT_TYPE = 'Cash loans'", {"PREV_CASH_INTEREST_RATE_MEAN": "avg(interest)"}),
    (PREVIOUS, "NAME_CONTRACT_TYPE = 'Consumer loans'", {"PREV_CONSUMER_AMT_CREDIT_MEAN": "avg(AMT_CREDIT)"}),
    (PREVIOUS, "NAME_CONTRACT_TYPE = 'Revolving loans'", {"PREV_REVOLVING_DAYS_DECISION_MAX": "max(DAYS_DECISION)"}),
    (PREVIOUS, "DAYS_DECISION >= -365", {"PREV_LAST12M_AMT_CREDIT_SUM": "sum(AMT_CREDIT)"}),
    (PREVIOUS, "rank <= 3", {"PREV_LAST3_AMT_CREDIT_MEAN": "avg(AMT_CREDIT)"}),
    (
        PREVIOUS,
        "rank <= 5",
        {"PREV_LAST5_NAME_CONTRACT_STATUS_Refused_MEAN": "avg(if(NAME_CONTRACT_STATUS = 'Refused', 1, 0))"},
    ),
    (PREVIOUS, "rank <= 10", {"PREV_LAST10_DAYS_DECISION_MEAN": "avg(DAYS_DECISION)"}),
    (
        POS,
        "true",
        {
            "POS_COUNT": "count(*)",
            "POS_LATEST_COUNT": "count(DISTINCT SK_ID_PREV)",
            "POS_SK_DPD_SUM": "sum(SK_DPD)",
            "POS_SK_DPD_DEF_MEAN": "avg(SK_DPD_DEF)",
            "POS_IS_LATE_MEAN": "avg(if(SK_DPD > 0, 1, 0))",
            "POS_FUTURE_RATIO_MEAN": "avg(CNT_INSTALMENT_FUTURE / nullif(CNT_INSTALMENT, 0))",
            "POS_NAME_CONTRACT_STATUS_Completed_MEAN": "avg(if(NAME_CONTRACT_STATUS = 'Completed', 1, 0))",
        },
    ),
    (POS, "is_latest", {"POS_LATEST_CNT_INSTALMENT_FUTURE_SUM": "sum(CNT_INSTALMENT_FUTURE)"}),
    (POS, "MONTHS_BALANCE >= -6", {"POS_LAST6M_IS_LATE_SUM": "sum(if(SK_DPD > 0, 1, 0))"}),
    (POS, "MONTHS_BALANCE >= -12", {"POS_LAST12M_SK_DPD_MAX": "max(SK_DPD)"}),
    (
        INSTALMENTS,
        "true",
        {
            "INSTAL_COUNT": "count(*)",
            "INSTAL_NUM_INSTALMENT_VERSION_NUNIQUE": "count(DISTINCT NUM_INSTALMENT_VERSION)",
            "INSTAL_DPD_VAR": "var_samp(late)",
            "INSTAL_DBD_MEAN": "avg(early)",
            "INSTAL_PAYMENT_PERC_MEAN": "avg(AMT_PAYMENT / nullif(AMT_INSTALMENT, 0))",
            "INSTAL_PAYMENT_DIFF_SUM": "sum(AMT_INSTALMENT - AMT_PAYMENT)",
            "INSTAL_AMT_PAYMENT_SUM": "sum(AMT_PAYMENT)",
            "INSTAL_IS_UNDERPAID_MEAN": "avg(CAST(AMT_INSTALMENT > AMT_PAYMENT AS INT))",
        },
    ),
    (INSTALMENTS, "late > 0", {"INSTAL_LATE_AMT_INSTALMENT_SUM": "sum(AMT_INSTALMENT)"}),
    (INSTALMENTS, "DAYS_INSTALMENT >= -91", {"INSTAL_LAST3M_AMT_PAYMENT_SUM": "sum(AMT_PAYMENT)"}),
    (INSTALMENTS, "DAYS_INSTALMENT >= -183", {"INSTAL_LAST6M_DPD_MAX": "max(late)"}),
    (INSTALMENTS, "DAYS_INSTALMENT >= -365", {"INSTAL_LAST12M_IS_LATE_MEAN": "avg(CAST(late > 0 AS INT))"}),
    (
        CARDS,
        "true",
        {
            "CC_COUNT": "count(*)",
            "CC_AMT_BALANCE_VAR": "var_samp(AMT_BALANCE)",
            "CC_AMT_CREDIT_LIMIT_ACTUAL_MEAN": "avg(AMT_CREDIT_LIMIT_ACTUAL)",
            "CC_AMT_DRAWINGS_ATM_CURRENT_SUM": "sum(AMT_DRAWINGS_ATM_CURRENT)",
            "CC_LIMIT_USE_MAX": "max(use)",
            "CC_LIMIT_USE_VAR": "var_samp(use)",
            "CC_PAYMENT_MIN_RATIO_MEAN": "avg(AMT_PAYMENT_CURRENT / nullif(AMT_INST_MIN_REGULARITY, 0))",
            "CC_ATM_SHARE_MEAN": "avg(AMT_DRAWINGS_ATM_CURRENT / nullif(AMT_DRAWINGS_CURRENT, 0))",
            "CC_NAME_CONTRACT_STATUS_Active_MEAN": "avg(if(NAME_CONTRACT_STATUS = 'Active', 1, 0))",
        },
    ),
    (CARDS, "MONTHS_BALANCE >= -3", {"CC_LAST3M_AMT_BALANCE_MEAN": "avg(AMT_BALANCE)"}),
    (CARDS, "MONTHS_BALANCE >= -12", {"CC_LAST12M_AMT_DRAWINGS_CURRENT_SUM": "sum(AMT_DRAWINGS_CURRENT)"}),
]
