"""Benchmarks: launched, launched as the original study, cancelled and retried."""

from vision.services.benchmarks.original_study import request_original_study
from vision.services.benchmarks.requests import cancel_benchmark, request_benchmark, retry_benchmark

__all__ = ["cancel_benchmark", "request_benchmark", "request_original_study", "retry_benchmark"]
