"""Kinds of work that belong to no app."""

from datetime import timedelta

from pretadepenser.core.jobs import JobKind

STEPS = JobKind(name="tests.steps", label="Steps")
ONCE = JobKind(name="tests.once", label="Once", max_attempts=1)
HURRIED = JobKind(name="tests.hurried", label="Hurried", deadline=timedelta(minutes=5))
