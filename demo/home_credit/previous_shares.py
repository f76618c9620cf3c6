"""Shares of the categories of a previous application, measured on Kaggle's published tables."""

from typing import Final

#: Shops of consumer loans: industry, category of goods, share, name of the combined product.
SHOPS: Final = (
    ("Connectivity", "Mobile", 0.283, "mobile"),
    ("Consumer electronics", "Consumer Electronics", 0.160, "household"),
    ("Consumer electronics", "Audio/Video", 0.133, "household"),
    ("Consumer electronics", "Computers", 0.122, "household"),
    ("Furniture", "Furniture", 0.070, "industry"),
    ("Clothing", "Clothing and Accessories", 0.036, "industry"),
    ("Construction", "Construction Materials", 0.034, "industry"),
    ("Connectivity", "Computers", 0.025, "mobile"),
    ("Consumer electronics", "Mobile", 0.023, "household"),
    ("Consumer electronics", "Photo / Cinema Equipment", 0.018, "household"),
    ("Connectivity", "Photo / Cinema Equipment", 0.016, "mobile"),
    ("Construction", "Homewares", 0.008, "industry"),
    ("Industry", "Medical Supplies", 0.012, "industry"),
    ("Industry", "Auto Accessories", 0.005, "industry"),
    ("Auto technology", "Auto Accessories", 0.014, "other"),
    ("Jewelry", "Jewelry", 0.012, "other"),
    ("Industry", "Sport and Leisure", 0.003, "industry"),
    ("MLM partners", "Direct Sales", 0.001, "other"),
    ("Tourism", "Tourism", 0.001, "other"),
)
CHANNELS: Final[tuple[dict[str, float], ...]] = (
    {
        "Credit and cash offices": 0.803,
        "Contact center": 0.084,
        "Country-wide": 0.053,
        "AP+ (Cash loan)": 0.047,
        "Channel of corporate sales": 0.006,
        "Stone": 0.004,
        "Regional / Local": 0.003,
    },
    {
        "Country-wide": 0.592,
        "Stone": 0.272,
        "Regional / Local": 0.134,
        "Credit and cash offices": 0.0015,
        "Car dealer": 0.0005,
    },
    {
        "Credit and cash offices": 0.677,
        "Country-wide": 0.137,
        "AP+ (Cash loan)": 0.071,
        "Contact center": 0.051,
        "Regional / Local": 0.033,
        "Stone": 0.025,
        "Channel of corporate sales": 0.006,
    },
)
REJECT_REASONS: Final = {
    "HC": 0.590,
    "LIMIT": 0.187,
    "SCO": 0.126,
    "SCOFR": 0.045,
    "XNA": 0.018,
    "VERIF": 0.012,
    "SYSTEM": 0.002,
}
PURPOSES: Final = {
    "XNA": 0.916,
    "Repairs": 0.032,
    "Other": 0.021,
    "Urgent needs": 0.011,
    "Buying a used car": 0.004,
    "Everyday expenses": 0.004,
    "Building a house or an annex": 0.004,
    "Medicine": 0.003,
    "Payments on other loans": 0.002,
    "Education": 0.002,
    "Journey": 0.001,
}
WEEKDAY: Final = {
    "MONDAY": 0.1519,
    "TUESDAY": 0.1528,
    "WEDNESDAY": 0.1527,
    "THURSDAY": 0.1489,
    "FRIDAY": 0.1509,
    "SATURDAY": 0.1441,
    "SUNDAY": 0.0987,
}
COMPANION: Final = {
    "Unaccompanied": 0.6082,
    "Family": 0.2459,
    "Spouse, partner": 0.0759,
    "Children": 0.0356,
    "Other_B": 0.0211,
    "Other_A": 0.0105,
    "Group of people": 0.0028,
}
PAYMENT: Final = {
    "Cash through the bank": 0.9899,
    "Non-cash from your account": 0.0095,
    "Cashless from the account of the employer": 0.0006,
}
