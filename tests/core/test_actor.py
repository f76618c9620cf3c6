"""Who acts: the role, the key and the system."""

import pytest

from pretadepenser.core.models import SYSTEM, Actor
from pretadepenser.core.roles import Permission
from pretadepenser.core.tokens import create_token
from tests.builders.people import Cast

pytestmark = pytest.mark.django_db


def test_a_key_narrows_what_the_role_may_do(cast: Cast) -> None:
    administrator = Actor(cast.administrator)
    token, _key = create_token(user=cast.administrator, name="Reader", scopes=["jobs:read"], days=1, by=administrator)
    with_key = Actor(cast.administrator, token)
    assert administrator.can(Permission.MANAGE_JOBS)
    assert with_key.can(Permission.VIEW_JOBS)
    assert not with_key.can(Permission.MANAGE_JOBS)
    assert not Actor(cast.advisor).can(Permission.MANAGE_JOBS)


def test_the_system_may_do_everything_but_what_takes_a_person() -> None:
    assert SYSTEM.can(Permission.MANAGE_JOBS)
    with pytest.raises(TypeError, match="needs a user"):
        _ = SYSTEM.person
