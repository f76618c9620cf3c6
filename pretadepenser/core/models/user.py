"""A user: one role, and one agency if the role requires one."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from pretadepenser.core.manifests import site_manifest
from pretadepenser.core.models.agency import Agency
from pretadepenser.core.roles import ADMIN_SITE_ROLES, PERMISSIONS, Permission, Role


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str, *, role: Role, agency: Agency | None = None) -> "User":
        user = self.model(username=self.model.normalize_username(username), role=role, agency=agency)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str) -> "User":
        """Creates an administrator, for ``manage.py createsuperuser``."""
        return self.create_user(username, password, role=Role.ADMINISTRATOR)


class User(AbstractBaseUser):
    """Permissions come from the role (``core.roles``), not from Django's groups."""

    username = models.CharField(_("user name"), max_length=150, unique=True, validators=[UnicodeUsernameValidator()])
    first_name = models.CharField(_("first name"), max_length=80, blank=True)
    last_name = models.CharField(_("last name"), max_length=80, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    role = models.CharField(_("role"), max_length=20, choices=Role.choices, default=Role.ADVISOR)
    agency = models.ForeignKey(
        Agency, verbose_name=_("agency"), on_delete=models.PROTECT, null=True, blank=True, related_name="users"
    )
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)
    session_generation = models.PositiveIntegerField(default=0, editable=False)  # older ones have ended

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        ordering = ("username",)
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            # An advisor without an agency would see no client, and no reason for it.
            models.CheckConstraint(
                name="user_of_an_agency_has_one",
                condition=Q(role__in=[Role.AUDITOR, Role.ADMINISTRATOR]) | Q(agency__isnull=False),
                violation_error_message=_("An advisor or a supervisor belongs to an agency: choose one."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    def get_full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    def get_session_auth_hash(self) -> str:
        """Changes with the password and with ``session_generation``; a session with another hash has ended."""
        return salted_hmac(
            "core.User.session", f"{self.password}:{self.session_generation}", algorithm="sha256"
        ).hexdigest()

    def can(self, permission: Permission) -> bool:
        """Whether the role holds ``permission``; an inactive user has none."""
        return self.is_active and permission in PERMISSIONS[Role(self.role)]

    @property
    def sees_every_agency(self) -> bool:
        return self.can(Permission.VIEW_EVERY_AGENCY)

    @property
    def is_staff(self) -> bool:
        """Whether the user may enter the admin."""
        return self.is_active and self.role in ADMIN_SITE_ROLES

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Whether the role grants "app_label.action_model"."""
        app_label, _dot, codename = perm.partition(".")
        permission = site_manifest().admin_permissions.get(f"{app_label}.{codename.rpartition('_')[2]}")
        return self.is_staff and permission is not None and self.can(permission)

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_staff and any(
            self.can(permission)
            for model, permission in site_manifest().admin_permissions.items()
            if model.startswith(f"{app_label}.")
        )
