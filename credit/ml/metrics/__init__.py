"""Metrics of a probability of default, in NumPy alone."""

from credit.ml.metrics.curves import (
    CalibrationBin,
    Curve,
    calibration_bins,
    precision_recall_curve,
    roc_curve,
    wilson_interval,
)
from credit.ml.metrics.intervals import Interval, MetricIntervals, metric_intervals
from credit.ml.metrics.points import Confusion, confusion, roc_auc
from credit.ml.metrics.ranking import Ranking

__all__ = [
    "CalibrationBin",
    "Confusion",
    "Curve",
    "Interval",
    "MetricIntervals",
    "Ranking",
    "calibration_bins",
    "confusion",
    "metric_intervals",
    "precision_recall_curve",
    "roc_auc",
    "roc_curve",
    "wilson_interval",
]
