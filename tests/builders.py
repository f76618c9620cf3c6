"""Plain functions that put rows into the test database, with neutral defaults."""

import itertools

from pretadepenser.core.models import Agency, User
from pretadepenser.core.roles import Role

PASSWORD = "correct-horse-battery"
_numbers = itertools.count(1)


def an_agency(name: str = "") -> Agency:
    return Agency.objects.get_or_create(name=name or f"Agence {next(_numbers)}")[0]


def a_user(role: Role = Role.ADVISOR, agency: Agency | None = None, username: str = "") -> User:
    if agency is None and role in (Role.ADVISOR, Role.SUPERVISOR):
        agency = an_agency()
    return User.objects.create_user(username or f"{role.value}-{next(_numbers)}", PASSWORD, role=role, agency=agency)
