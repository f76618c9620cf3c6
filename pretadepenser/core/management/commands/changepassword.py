"""Django's command; like every other change of a password it ends the keys and leaves an event."""

from django.contrib.auth.management.commands import changepassword

from pretadepenser.core.accounts import record_password_change
from pretadepenser.core.models import SYSTEM, User


class Command(changepassword.Command):
    def handle(self, *args: object, **options: str) -> str | None:
        done = super().handle(*args, **options)
        user = User.objects.get(username=options["username"])
        record_password_change(user=user, by=SYSTEM)
        return done
