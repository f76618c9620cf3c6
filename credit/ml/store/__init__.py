"""The population in columns: an immutable folder of mapped files that answers questions about hundreds of thousands
of clients within milliseconds. Built by a job from PostgreSQL, which stays the record.

``variables``  which variables it holds, and a client's values of them
``coding``     how a number becomes one of at most 255 codes, from which all aggregates are counted
``writing``    makes the folder
``reading``    opens it
``cohort``     the clients that meet some conditions, and what is asked of them
"""

from credit.ml.store.coding import BLANK, Coding
from credit.ml.store.cohort import Between, Cohort, Condition, IsLevel, Outcomes, Rank
from credit.ml.store.reading import Store, UnreadableStoreError
from credit.ml.store.variables import CATEGORY_NAMES, NEAREST_BY, NUMBER_NAMES, SCORE, in_years, variable_values
from credit.ml.store.writing import PopulationRows, StoreWriter

__all__ = [
    "BLANK",
    "CATEGORY_NAMES",
    "NEAREST_BY",
    "NUMBER_NAMES",
    "SCORE",
    "Between",
    "Coding",
    "Cohort",
    "Condition",
    "IsLevel",
    "Outcomes",
    "PopulationRows",
    "Rank",
    "Store",
    "StoreWriter",
    "UnreadableStoreError",
    "in_years",
    "variable_values",
]
