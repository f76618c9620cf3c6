"""The kinds of jobs: each application declares its own in ``job_kinds.py``."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from django.utils.functional import Promise

Queue = Literal["cpu", "images", "gpu", "maintenance"]

_KINDS: dict[str, "JobKind"] = {}


@dataclass(frozen=True, kw_only=True)
class JobKind:
    """One kind of work; declaring it registers its label for the pages that list jobs.

    ``name`` is that of its Celery task. ``deadline`` counts from the request, so that a job without a worker ends too.
    """

    name: str
    label: str | Promise
    queue: Queue = "cpu"
    max_attempts: int = 3
    deadline: timedelta | None = None

    def __post_init__(self) -> None:
        if _KINDS.setdefault(self.name, self) is not self:
            raise ValueError(f"Two kinds of jobs are named {self.name}.")


def kind_label(name: str) -> str:
    """The label in the active language; the name itself for a kind that is no longer declared."""
    kind = _KINDS.get(name)
    return str(kind.label) if kind else name
