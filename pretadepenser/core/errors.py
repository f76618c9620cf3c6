"""The one exception that carries a sentence for the person in front of the screen."""


class ApplicationError(Exception):
    """A rule was not met; ``str(error)`` is a translated sentence that a user can read and act on.

    ``field`` names the input at fault, when there is one; ``code`` is stable, for API clients.
    """

    def __init__(self, sentence: str, *, field: str | None = None, code: str = "refused") -> None:
        super().__init__(sentence)
        self.field = field
        self.code = code


class ConflictError(ApplicationError):
    """Somebody else was faster: the thing changed or is already under way (HTTP 409)."""
