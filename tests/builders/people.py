"""Agencies, users, and the cast of every story: one person per role, and an advisor of another agency."""

import itertools
from dataclasses import dataclass

import pytest

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


@dataclass(frozen=True)
class Cast:
    agency: Agency
    other_agency: Agency
    advisor: User
    stranger: User  # an advisor of the other agency
    supervisor: User
    auditor: User
    administrator: User


@pytest.fixture
def cast(db: None) -> Cast:
    agency, other_agency = an_agency("Paris"), an_agency("Lyon")
    return Cast(
        agency=agency,
        other_agency=other_agency,
        advisor=a_user(Role.ADVISOR, agency, "advisor"),
        stranger=a_user(Role.ADVISOR, other_agency, "stranger"),
        supervisor=a_user(Role.SUPERVISOR, agency, "supervisor"),
        auditor=a_user(Role.AUDITOR, username="auditor"),
        administrator=a_user(Role.ADMINISTRATOR, username="administrator"),
    )
