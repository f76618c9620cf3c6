"""A whole benchmark as JSON and as a table for a terminal."""

from vision.ml.report.document import SCHEMA, to_json
from vision.ml.report.sentences import comparison_sentence, verdict_sentence
from vision.ml.report.summaries import ContenderSummary, Spread, summarise
from vision.ml.report.table import table

__all__ = [
    "SCHEMA",
    "ContenderSummary",
    "Spread",
    "comparison_sentence",
    "summarise",
    "table",
    "to_json",
    "verdict_sentence",
]
