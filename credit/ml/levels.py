"""Levels of the text columns, in the order of ``catalogue/levels.csv``, which also has their texts.

The list is fixed, so that features do not depend on the files: features of side tables are named after levels, an
application's category is coded by its position. Source: the complete Kaggle files; for side tables without XNA and XAP
("unknown", "does not apply"), which are blanks there.
"""

import csv
from collections.abc import Iterable
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
#: By table, those of its text columns that have a list.
SIDE_TABLES: Final = {
    "bureau": BUREAU,
    "bureau_balance": BUREAU_BALANCE,
    "previous_application": PREVIOUS_APPLICATION,
    "POS_CASH_balance": POS_CASH_BALANCE,
    "credit_card_balance": CREDIT_CARD_BALANCE,
}


def known_level(text: str, levels: Iterable[str]) -> str | None:
    """The level that ``text`` names, white space and case apart; None for another text."""
    folded = _folded(text)
    return next((level for level in levels if _folded(level) == folded), None)


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
