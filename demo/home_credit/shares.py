"""Shares of the categories of an application, measured on Kaggle's published tables."""

from typing import Final

EDUCATION: Final = {
    "Lower secondary": 0.0124,
    "Secondary / secondary special": 0.7141,
    "Incomplete higher": 0.0333,
    "Higher education": 0.2393,
    "Academic degree": 0.0009,
}
#: Of those in work.
INCOME_TYPE: Final = {
    "Working": 0.6332,
    "Commercial associate": 0.2819,
    "State servant": 0.0847,
    "Businessman": 0.0001,
    "Student": 0.0001,
}
FAMILY_STATUS: Final = ("Married", "Single / not married", "Civil marriage", "Separated", "Widow")
HOUSING_TYPE: Final = (
    "House / apartment",
    "With parents",
    "Municipal apartment",
    "Rented apartment",
    "Office apartment",
    "Co-op apartment",
)
#: Upper ends, in years, of the age bands of the three tables below; the last band is open.
AGE_BANDS: Final = (30.0, 40.0, 50.0, 58.0)
FAMILY_STATUS_BY_AGE: Final = (
    (0.512, 0.328, 0.130, 0.029, 0.001),
    (0.695, 0.133, 0.110, 0.054, 0.007),
    (0.690, 0.105, 0.099, 0.080, 0.026),
    (0.664, 0.103, 0.076, 0.081, 0.077),
    (0.596, 0.105, 0.056, 0.057, 0.185),
)
HOUSING_TYPE_BY_AGE: Final = (
    (0.755, 0.160, 0.030, 0.035, 0.012, 0.007),
    (0.863, 0.069, 0.031, 0.023, 0.009, 0.004),
    (0.915, 0.019, 0.039, 0.015, 0.008, 0.003),
    (0.936, 0.009, 0.041, 0.006, 0.005, 0.003),
    (0.951, 0.002, 0.037, 0.003, 0.005, 0.003),
)
#: Shares of 0, 1, 2, 3 and 4 children.
CHILDREN_BY_AGE: Final = (
    (0.662, 0.254, 0.074, 0.009, 0.001),
    (0.443, 0.329, 0.194, 0.030, 0.004),
    (0.657, 0.258, 0.071, 0.013, 0.001),
    (0.933, 0.057, 0.008, 0.002, 0.000),
    (0.984, 0.014, 0.002, 0.000, 0.000),
)
#: Of those in work: share among men, share among women, effect of one deviation of income potential on its weight.
OCCUPATION: Final[dict[str, tuple[float, float, float]]] = {
    "Laborers": (0.347, 0.146, -0.3),
    "Sales staff": (0.035, 0.185, -0.2),
    "Core staff": (0.063, 0.137, 0.2),
    "Drivers": (0.181, 0.006, -0.1),
    "Managers": (0.106, 0.070, 0.6),
    "High skill tech staff": (0.041, 0.045, 0.4),
    "Accountants": (0.003, 0.062, 0.5),
    "Medicine staff": (0.003, 0.056, 0.0),
    "Security staff": (0.045, 0.013, -0.3),
    "Cooking staff": (0.008, 0.037, -0.4),
    "Cleaning staff": (0.003, 0.025, -0.5),
    "Private service staff": (0.001, 0.018, 0.0),
    "Low-skill Laborers": (0.019, 0.003, -0.7),
    "Secretaries": (0.001, 0.009, 0.1),
    "Waiters/barmen staff": (0.002, 0.007, -0.3),
    "Realty agents": (0.001, 0.004, 0.1),
    "HR staff": (0.0004, 0.004, 0.4),
    "IT staff": (0.005, 0.001, 0.5),
    "": (0.137, 0.175, 0.0),
}
#: Of those in work.
ORGANIZATION: Final = {
    "Business Entity Type 3": 0.2713,
    "Self-employed": 0.1549,
    "Other": 0.0685,
    "Medicine": 0.0440,
    "Government": 0.0404,
    "Business Entity Type 2": 0.0389,
    "School": 0.0337,
    "Trade: type 7": 0.0298,
    "Kindergarten": 0.0263,
    "Construction": 0.0238,
    "Business Entity Type 1": 0.0234,
    "Transport: type 4": 0.0199,
    "Trade: type 3": 0.0150,
    "Industry: type 3": 0.0142,
    "Industry: type 9": 0.0131,
    "Housing": 0.0122,
    "Industry: type 11": 0.0122,
    "Security": 0.0116,
    "Military": 0.0113,
    "Agriculture": 0.0102,
    "Bank": 0.0099,
    "Police": 0.0095,
    "Transport: type 2": 0.0095,
    "Postal": 0.0083,
    "Services": 0.0083,
    "Security Ministries": 0.0075,
    "Restaurant": 0.0066,
    "Trade: type 2": 0.0063,
    "University": 0.0055,
    "Industry: type 7": 0.0049,
    "Industry: type 1": 0.0048,
    "Transport: type 3": 0.0045,
    "Hotel": 0.0045,
    "Electricity": 0.0034,
    "Industry: type 4": 0.0034,
    "Trade: type 6": 0.0028,
    "Industry: type 5": 0.0028,
    "Emergency": 0.0025,
    "Telecom": 0.0023,
    "Industry: type 12": 0.0022,
    "Insurance": 0.0021,
    "Industry: type 2": 0.0018,
    "Advertising": 0.0016,
    "Mobile": 0.0015,
    "Culture": 0.0014,
    "Trade: type 1": 0.0012,
    "Realtor": 0.0012,
    "Legal Services": 0.0011,
    "Transport: type 1": 0.0009,
    "Cleaning": 0.0007,
    "Industry: type 10": 0.0005,
    "Industry: type 13": 0.0004,
    "Religion": 0.0004,
    "Trade: type 5": 0.0004,
    "Trade: type 4": 0.0004,
    "Industry: type 6": 0.0003,
    "Industry: type 8": 0.0002,
}
COMPANION: Final = {
    "Unaccompanied": 0.8110,
    "Family": 0.1310,
    "Spouse, partner": 0.0370,
    "Children": 0.0106,
    "Other_B": 0.0058,
    "Other_A": 0.0028,
    "Group of people": 0.0009,
}
WEEKDAY: Final = {
    "MONDAY": 0.1650,
    "TUESDAY": 0.1753,
    "WEDNESDAY": 0.1688,
    "THURSDAY": 0.1646,
    "FRIDAY": 0.1637,
    "SATURDAY": 0.1101,
    "SUNDAY": 0.0526,
}
#: Documents given seldom, and independently of the rest.
RARE_DOCUMENTS: Final = {
    2: 0.00004,
    4: 0.00008,
    5: 0.0151,
    7: 0.0002,
    9: 0.0039,
    10: 0.00002,
    11: 0.0039,
    12: 0.00001,
    13: 0.0035,
    14: 0.0029,
    15: 0.0012,
    16: 0.0099,
    17: 0.0003,
    18: 0.0081,
    19: 0.0006,
    20: 0.0005,
    21: 0.0003,
}
