"""The people of every story: one per role in the same agency, and an advisor of another one."""

from dataclasses import dataclass

import pytest

from pretadepenser.core.models import Agency, User
from pretadepenser.core.roles import Role
from tests.builders import a_user, an_agency


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
