import pytest
from django.db import IntegrityError

from pretadepenser.core.manifests import site_manifest
from pretadepenser.core.models import User
from pretadepenser.core.roles import PERMISSIONS, Permission, Role
from tests.builders.people import Cast


def test_every_role_has_a_row_and_the_administrator_decides_nothing() -> None:
    assert set(PERMISSIONS) == set(Role)
    assert frozenset(Permission) - PERMISSIONS[Role.ADMINISTRATOR] == {Permission.DECIDE, Permission.COUNTERSIGN}


def test_an_auditor_changes_nothing() -> None:
    assert not [permission for permission in PERMISSIONS[Role.AUDITOR] if permission.value.endswith(":write")]


@pytest.mark.django_db
def test_an_advisor_without_an_agency_is_refused_by_the_database() -> None:
    with pytest.raises(IntegrityError, match="user_of_an_agency_has_one"):
        User.objects.create_user("nobody", "x", role=Role.ADVISOR)


def test_only_the_administrator_enters_the_admin_and_only_known_models(cast: Cast) -> None:
    for name in site_manifest().admin_permissions:
        app_label, model = name.split(".")
        assert cast.administrator.has_perm(f"{app_label}.view_{model}")
        for other in (cast.advisor, cast.supervisor, cast.auditor):
            assert not other.has_perm(f"{app_label}.view_{model}")
            assert not other.is_staff
    assert not cast.administrator.has_perm("credit.change_unknownmodel")
    assert cast.administrator.has_module_perms("core")


def test_an_inactive_person_may_do_nothing(cast: Cast) -> None:
    cast.administrator.is_active = False
    assert not any(cast.administrator.can(permission) for permission in Permission)
    assert not cast.administrator.is_staff
