"""The population in columns: an immutable folder of mapped files that answers questions about hundreds of thousands
of clients within milliseconds. A job builds it from PostgreSQL, the system of record.

``variables``  which variables it holds, and a client's values of them
``coding``     numbers as codes of one byte, which aggregates count
``writing``    creates the folder
``reading``    opens it
``cohort``     the clients that meet some conditions, and questions about them
"""

from credit.ml.store.coding import BLANK, Coding
from credit.ml.store.cohort import Between, Cohort, Condition, IsLevel, Rank
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
    "PopulationRows",
    "Rank",
    "Store",
    "StoreWriter",
    "UnreadableStoreError",
    "in_years",
    "variable_values",
]
