"""The kernel in the Django admin: users, agencies, keys (revocable, never readable) and the journal (read-only)."""

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from pretadepenser.core import tokens
from pretadepenser.core.accounts import deactivate, record_password_change
from pretadepenser.core.admin_pages import ReadOnlyAdmin
from pretadepenser.core.audit import record
from pretadepenser.core.job_admin import JobAdmin
from pretadepenser.core.journal.presenter import sentence_of
from pretadepenser.core.manifests import site_manifest
from pretadepenser.core.models import Agency, ApiToken, AuditEvent, Job, User
from pretadepenser.core.permissions import actor_of

admin.site.unregister(Group)  # rights come from core.roles alone
admin.site.register(Job, JobAdmin)


class NewUserForm(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ("username", "role", "agency")


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    add_form = NewUserForm
    form = UserChangeForm
    list_display = ("username", "first_name", "last_name", "role", "agency", "is_active", "last_login")
    list_filter = ("role", "agency", "is_active")
    search_fields = ("username", "first_name", "last_name", "email")
    ordering = ("username",)
    filter_horizontal = ()
    readonly_fields = ("last_login", "created_at")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("first_name", "last_name", "email")}),
        (_("Rights"), {"fields": ("role", "agency", "is_active")}),
        (_("Dates"), {"fields": ("last_login", "created_at")}),
    )
    add_fieldsets = ((None, {"fields": ("username", "role", "agency", "usable_password", "password1", "password2")}),)

    def save_model(self, request: HttpRequest, obj: User, form: forms.ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        by = actor_of(request)
        if "is_active" in form.changed_data and not obj.is_active:
            deactivate(user=obj, by=by)
        rights = {"role": obj.role, "agency": obj.agency_id, "is_active": obj.is_active}
        was = {f"{name}_before": form.initial[name] for name in rights if change and name in form.changed_data}
        detail = {"changed": form.changed_data, **rights, **was} if change else rights
        record("user.changed" if change else "user.created", by=by, target=obj, detail=detail)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        response = super().user_change_password(request, id, form_url)
        user = User.objects.filter(pk=id).first()
        if request.method == "POST" and response.status_code == 302 and user is not None:
            record_password_change(user=user, by=actor_of(request))
        return response

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False  # the journal refers to users: deactivate instead


@admin.register(Agency)
class AgencyAdmin(admin.ModelAdmin):
    search_fields = ("name",)

    def save_model(self, request: HttpRequest, obj: Agency, form: forms.ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        record(
            "agency.changed" if change else "agency.created",
            by=actor_of(request),
            target=obj,
            detail={"name": obj.name},
        )

    def delete_model(self, request: HttpRequest, obj: Agency) -> None:
        record("agency.deleted", by=actor_of(request), target=obj, detail={"name": obj.name})
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Agency]) -> None:
        for agency in queryset:
            self.delete_model(request, agency)


class ActionFilter(admin.SimpleListFilter):
    """Actions by their sentence."""

    title = _("action")
    parameter_name = "action"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [(action, str(sentence)) for action, sentence in site_manifest().journal_sentences.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[AuditEvent]) -> QuerySet[AuditEvent]:
        return queryset.filter(action=self.value()) if self.value() else queryset


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    list_display = ("at", "actor", "sentence", "thing", "object_id", "agency")
    list_filter = (ActionFilter, "agency")
    fields = ("at", "actor", "token", "sentence", "thing", "object_id", "agency", "detail")
    readonly_fields = ("sentence", "thing")
    search_fields = ("object_id", "actor__username")
    date_hierarchy = "at"
    list_select_related = ("actor", "agency")

    @admin.display(description=_("action"), ordering="action")
    def sentence(self, event: AuditEvent) -> str:
        return sentence_of(event.action)

    @admin.display(description=_("object type"), ordering="object_type")
    def thing(self, event: AuditEvent) -> str:
        known = site_manifest().object_types.get(event.object_type)
        return str(known.label) if known else event.object_type

    def name_of(self, row: Model) -> str:
        return sentence_of(row.action) if isinstance(row, AuditEvent) else str(row)


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnlyAdmin):
    list_display = ("name", "user", "prefix", "scopes", "created_at", "expires_at", "revoked_at", "last_used_at")
    list_select_related = ("user",)
    actions = ("revoke",)
    exclude = ("key_hash",)

    @admin.action(description=_("Revoke the selected keys"), permissions=["view"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiToken]) -> None:
        for token in queryset:
            tokens.revoke_token(token=token, by=actor_of(request))
