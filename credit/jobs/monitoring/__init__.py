"""Watches a model: drift of inputs and scores, outcomes that came in, how groups of clients are treated."""

from credit.jobs.monitoring.drift import check_drift
from credit.jobs.monitoring.groups import check_groups

__all__ = ["check_drift", "check_groups"]
