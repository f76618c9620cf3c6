"""Celery tasks, three lines each: the name, the body, nothing else."""
