"""Who acts: a user, a user through an API key, or the system."""

from dataclasses import dataclass
from typing import Final

from pretadepenser.core.models.api_token import ApiToken
from pretadepenser.core.models.user import User
from pretadepenser.core.roles import Permission


@dataclass(frozen=True, slots=True)
class Actor:
    """The ``by`` of every service: who makes a change and appears in the journal.

    Without a ``user`` it is the system: timetables, the sweeper, commands typed on the server.
    """

    user: User | None
    token: ApiToken | None = None  # None for a browser's session

    @property
    def person(self) -> User:
        """The user. Raises TypeError for the system."""
        if self.user is None:
            raise TypeError("this needs a user, and the actor is the system")
        return self.user

    def can(self, permission: Permission) -> bool:
        """Whether the role and the key's scopes, if any, hold ``permission``; the system may do everything."""
        if self.user is None:
            return True
        return self.user.can(permission) and (self.token is None or permission.value in self.token.scopes)


SYSTEM: Final = Actor(None)
