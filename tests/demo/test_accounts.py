"""The demo accounts."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from pretadepenser.core.models import Agency, User
from pretadepenser.core.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def _embedded(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the environment of ``make run`` looks like; the database stays that of the tests."""
    monkeypatch.delenv("DATABASE_URL", raising=False)


def create(**options: object) -> str:
    out = StringIO()
    with translation.override("en"):
        call_command("create_demo_accounts", stdout=out, **options)
    return out.getvalue()


@pytest.mark.usefixtures("_embedded")
def test_there_is_one_account_per_role_with_the_printed_password() -> None:
    printed = create()

    assert set(User.objects.values_list("role", flat=True)) == set(Role)
    assert set(Agency.objects.values_list("name", flat=True)) == {"Paris", "Lyon", "Lille", "Bordeaux"}
    for user in User.objects.select_related("agency"):
        assert user.check_password("demo-2026")
        assert user.get_full_name()
        line = next(line for line in printed.splitlines() if line.startswith(f"{user.username} "))
        with translation.override("en"):
            assert "demo-2026" in line and str(user.get_role_display()) in line
    bound = User.objects.filter(agency__name="Paris").values_list("role", flat=True)
    assert set(bound) == {Role.ADVISOR, Role.SUPERVISOR}


@pytest.mark.usefixtures("_embedded")
def test_running_it_again_repairs_the_accounts_and_adds_none() -> None:
    create()
    User.objects.filter(username="conseiller").update(is_active=False, role=Role.AUDITOR, agency=None)

    create(password="another-pass-77")

    advisor = User.objects.get(username="conseiller")
    assert (advisor.role, advisor.is_active, advisor.agency.name) == (Role.ADVISOR, True, "Paris")
    assert advisor.check_password("another-pass-77")
    assert User.objects.count() == 4


@pytest.mark.usefixtures("_embedded")
@pytest.mark.parametrize("password", ["demo", "12345678", "conseiller"])
def test_a_weak_password_is_refused_and_creates_nothing(password: str) -> None:
    with pytest.raises(CommandError):
        create(password=password)

    assert not User.objects.exists() and not Agency.objects.exists()


def test_a_database_of_ones_own_is_spared_unless_one_insists(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://app@db/app")

    with pytest.raises(CommandError, match="--yes"):
        create()
    assert not User.objects.exists()
    create(yes=True)
    assert User.objects.count() == 4
