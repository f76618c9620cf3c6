"""Levels of the text columns, in the order of ``catalogue/levels.csv``, which also has their texts.

The list is fixed, so that features do not depend on the files: features of side tables are named after levels, an
application's category is coded by its position. Source: the complete Kaggle files; for side tables without XNA and XAP
("unknown", "does not apply"), which are blanks there.
"""

import csv
from pathlib import Path
from typing import Final

Levels = dict[str, tuple[str, ...]]

_FILE: Final = Path(__file__).with_name("catalogue") / "levels.csv"
with _FILE.open(encoding="utf-8", newline="") as _stream:
    _ROWS: Final = tuple((row["table"], row["column"], row["level"]) for row in csv.DictReader(_stream))


def _levels_of(table: str) -> Levels:
    levels: Levels = {}
    for row_table, column, level in _ROWS:
        if row_table == table:
            levels[column] = (*levels.get(column, ()), level)
    return levels


APPLICATION: Final = _levels_of("application")
BUREAU: Final = _levels_of("bureau")
#: C closed, X unknown, 0 on time, 1 to 5: up to 30, 60, 90, 120 and more days late, or written off.
BUREAU_BALANCE: Final = _levels_of("bureau_balance")
PREVIOUS_APPLICATION: Final = _levels_of("previous_application")
POS_CASH_BALANCE: Final = _levels_of("POS_CASH_balance")
CREDIT_CARD_BALANCE: Final = _levels_of("credit_card_balance")
