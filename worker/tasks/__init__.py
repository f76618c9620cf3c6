"""Celery tasks: which body does which kind of job."""
