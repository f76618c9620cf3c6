"""The exception that carries a sentence for the user."""

from collections.abc import Iterable


class ApplicationError(Exception):
    """A rule was not met; ``str(error)`` is a translated sentence that a user can read and act on.

    ``field`` names the invalid input, if any; ``code`` is stable, for API clients. ``others`` are rules of the same
    request that were not met either, so that a form shows all of them at once.
    """

    def __init__(self, sentence: str, *, field: str | None = None, code: str = "refused") -> None:
        super().__init__(sentence)
        self.field = field
        self.code = code
        self.others: tuple[ApplicationError, ...] = ()


def raise_together(refusals: Iterable[ApplicationError]) -> None:
    """Raises the first refusal, if any, with the others."""
    if several := list(refusals):
        several[0].others = tuple(several[1:])
        raise several[0]


class ConflictError(ApplicationError):
    """The object was changed meanwhile, or the work is already under way (HTTP 409)."""
