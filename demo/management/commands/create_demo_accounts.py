"""Creates the demo's agencies and one account per role."""

from argparse import ArgumentParser
from dataclasses import dataclass

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from pretadepenser.core.audit import record
from pretadepenser.core.management.database_command import DatabaseCommand
from pretadepenser.core.models import SYSTEM, Agency, User
from pretadepenser.core.roles import Role
from pretadepenser.embedded import missing_servers

AGENCIES = ("Paris", "Lyon", "Lille", "Bordeaux")
DEMO_PASSWORD = "demo-2026"  # noqa: S105 - public: for demo accounts only


@dataclass(frozen=True)
class Account:
    username: str
    first_name: str
    last_name: str
    role: Role
    agency: str = ""


ACCOUNTS = (
    Account("conseiller", "Camille", "Renaud", Role.ADVISOR, "Paris"),
    Account("superviseur", "Nadia", "Ferrand", Role.SUPERVISOR, "Paris"),
    Account("auditeur", "Paul", "Lemoine", Role.AUDITOR),
    Account("administrateur", "Inès", "Morvan", Role.ADMINISTRATOR),
)


class Command(DatabaseCommand):
    help = "Creates the demo's agencies and one account per role; existing accounts get the password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--password", default=DEMO_PASSWORD)
        parser.add_argument("--yes", action="store_true", help="even in a database that is not the embedded one")

    def handle(self, *args: object, password: str, yes: bool, **options: object) -> None:
        if not (yes or missing_servers()["with_postgresql"]):
            raise CommandError(
                _("This database is not the embedded one: accounts with a known password do not belong there.")
                + " "
                + _("If you are sure, add --yes.")
            )
        with transaction.atomic():
            agencies = {name: Agency.objects.get_or_create(name=name)[0] for name in AGENCIES}
            for account in ACCOUNTS:
                _create(account, agencies.get(account.agency), password)
        self._print_table(password)

    def _print_table(self, password: str) -> None:
        rows = [(_("user name"), _("password"), _("role"), _("agency"))]
        rows += [(each.username, password, str(each.role.label), each.agency or "–") for each in ACCOUNTS]
        widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
        for row in rows:
            self.stdout.write("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _create(account: Account, agency: Agency | None, password: str) -> None:
    user = User.objects.filter(username=account.username).first()
    is_new = user is None
    user = user or User(username=account.username)
    user.first_name, user.last_name = account.first_name, account.last_name
    user.role, user.agency, user.is_active = account.role, agency, True
    if password != DEMO_PASSWORD:  # which everybody can read in README, and nobody may choose
        try:
            validate_password(password, user)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
    if not user.check_password(password):
        user.set_password(password)
    user.save()
    record("user.created" if is_new else "user.changed", by=SYSTEM, target=user, detail={"role": user.role})
