"""Who acts: a person, a person through an API key, or the system itself."""

from dataclasses import dataclass
from typing import Final

from pretadepenser.core.models.api_token import ApiToken
from pretadepenser.core.models.user import User
from pretadepenser.core.roles import Permission


@dataclass(frozen=True, slots=True)
class Actor:
    """The party behind a change and behind its event in the journal: the ``by`` of every service.

    Without a ``user`` it is the system: timetables, the sweeper, commands typed on the server.
    """

    user: User | None
    token: ApiToken | None = None  # the key that the request presented; None for a browser's session

    @property
    def person(self) -> User:
        """The user, for what only a person may do; a TypeError for the system."""
        if self.user is None:
            raise TypeError("the system cannot do what only a person may do")
        return self.user

    def can(self, permission: Permission) -> bool:
        """Whether the role holds ``permission`` and the key, if any, has it among its scopes; the system may do all."""
        if self.user is None:
            return True
        return self.user.can(permission) and (self.token is None or permission.value in self.token.scopes)


SYSTEM: Final = Actor(None)
