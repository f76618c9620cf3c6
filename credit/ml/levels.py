"""Levels of the text columns of the side tables: fixed, so that features do not depend on the files.

Source: the complete Kaggle files, without XNA and XAP ("unknown", "does not apply"), which are blanks.
"""

from typing import Final

Levels = dict[str, tuple[str, ...]]

BUREAU: Final[Levels] = {
    "CREDIT_ACTIVE": ("Active", "Closed", "Sold", "Bad debt"),
    "CREDIT_CURRENCY": ("currency 1", "currency 2", "currency 3", "currency 4"),
    "CREDIT_TYPE": (
        "Consumer credit",
        "Credit card",
        "Car loan",
        "Mortgage",
        "Microloan",
        "Loan for business development",
        "Loan for working capital replenishment",
        "Loan for the purchase of equipment",
        "Loan for purchase of shares (margin lending)",
        "Real estate loan",
        "Interbank credit",
        "Mobile operator loan",
        "Cash loan (non-earmarked)",
        "Another type of loan",
        "Unknown type of loan",
    ),
}

#: C closed, X unknown, 0 on time, 1 to 5: up to 30, 60, 90, 120 and more days late, or written off.
BUREAU_BALANCE: Final[Levels] = {"STATUS": ("0", "1", "2", "3", "4", "5", "C", "X")}

PREVIOUS_APPLICATION: Final[Levels] = {
    "NAME_CONTRACT_TYPE": ("Cash loans", "Consumer loans", "Revolving loans"),
    "NAME_CONTRACT_STATUS": ("Approved", "Canceled", "Refused", "Unused offer"),
    "NAME_PAYMENT_TYPE": (
        "Cash through the bank",
        "Non-cash from your account",
        "Cashless from the account of the employer",
    ),
    "CODE_REJECT_REASON": ("HC", "LIMIT", "SCO", "SCOFR", "CLIENT", "VERIF", "SYSTEM"),
    "NAME_CLIENT_TYPE": ("New", "Refreshed", "Repeater"),
    "NAME_PORTFOLIO": ("POS", "Cash", "Cards", "Cars"),
    "NAME_PRODUCT_TYPE": ("x-sell", "walk-in"),
    "CHANNEL_TYPE": (
        "Credit and cash offices",
        "Country-wide",
        "Stone",
        "Regional / Local",
        "Contact center",
        "AP+ (Cash loan)",
        "Channel of corporate sales",
        "Car dealer",
    ),
    "NAME_YIELD_GROUP": ("low_action", "low_normal", "middle", "high"),
    "PRODUCT_COMBINATION": (
        "Cash",
        "Cash Street: low",
        "Cash Street: middle",
        "Cash Street: high",
        "Cash X-Sell: low",
        "Cash X-Sell: middle",
        "Cash X-Sell: high",
        "Card Street",
        "Card X-Sell",
        "POS household with interest",
        "POS household without interest",
        "POS industry with interest",
        "POS industry without interest",
        "POS mobile with interest",
        "POS mobile without interest",
        "POS other with interest",
        "POS others without interest",
    ),
    "NAME_CASH_LOAN_PURPOSE": (
        "Building a house or an annex",
        "Business development",
        "Buying a garage",
        "Buying a holiday home / land",
        "Buying a home",
        "Buying a new car",
        "Buying a used car",
        "Car repairs",
        "Education",
        "Everyday expenses",
        "Furniture",
        "Gasification / water supply",
        "Hobby",
        "Journey",
        "Medicine",
        "Money for a third person",
        "Other",
        "Payments on other loans",
        "Purchase of electronic equipment",
        "Refusal to name the goal",
        "Repairs",
        "Urgent needs",
        "Wedding / gift / holiday",
    ),
    "NAME_GOODS_CATEGORY": (
        "Additional Service",
        "Animals",
        "Audio/Video",
        "Auto Accessories",
        "Clothing and Accessories",
        "Computers",
        "Construction Materials",
        "Consumer Electronics",
        "Direct Sales",
        "Education",
        "Fitness",
        "Furniture",
        "Gardening",
        "Homewares",
        "House Construction",
        "Insurance",
        "Jewelry",
        "Medical Supplies",
        "Medicine",
        "Mobile",
        "Office Appliances",
        "Other",
        "Photo / Cinema Equipment",
        "Sport and Leisure",
        "Tourism",
        "Vehicles",
        "Weapon",
    ),
}

POS_CASH_BALANCE: Final[Levels] = {
    "NAME_CONTRACT_STATUS": (
        "Active",
        "Amortized debt",
        "Approved",
        "Canceled",
        "Completed",
        "Demand",
        "Returned to the store",
        "Signed",
    ),
}

CREDIT_CARD_BALANCE: Final[Levels] = {
    "NAME_CONTRACT_STATUS": (
        "Active",
        "Approved",
        "Completed",
        "Demand",
        "Refused",
        "Sent proposal",
        "Signed",
    ),
}
