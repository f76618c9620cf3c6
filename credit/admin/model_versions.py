"""Model versions in the admin: trained, promoted, rolled back, scored with and explained; never edited by hand."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from credit.models import ModelVersion, ThresholdPolicy
from credit.presenters.model_card import card_facts
from credit.selectors.model_versions import model_versions, portfolio_progress
from credit.services.explanations import request_portfolio_explanation
from credit.services.model_versions import TrainingRequest, promote, request_training, roll_back
from credit.services.scores import request_scoring
from pretadepenser.core import formats
from pretadepenser.core.admin_pages import ReadOnlyAdmin, admin_url, json_block
from pretadepenser.core.permissions import actor_of
from pretadepenser.core.roles import Permission


class PolicyInline(admin.TabularInline):
    """The thresholds of a version, newest first; the first one is in force."""

    model = ThresholdPolicy
    fields = (
        "number",
        "threshold_as_percent",
        "grey_zone",
        "cost_false_negative",
        "cost_false_positive",
        "note",
        "created_by",
    )
    readonly_fields = ("threshold_as_percent", "grey_zone")
    can_delete = False
    extra = 0

    @admin.display(description=_("threshold"))
    def threshold_as_percent(self, policy: ThresholdPolicy) -> str:
        return formats.percent(policy.threshold, 2)

    @admin.display(description=_("grey zone"))
    def grey_zone(self, policy: ThresholdPolicy) -> str:
        return f"{formats.percent(policy.grey_low, 2)} – {formats.percent(policy.grey_high, 2)}"

    def has_add_permission(self, request: HttpRequest, obj: ModelVersion | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: ModelVersion | None = None) -> bool:
        return False


@admin.register(ModelVersion)
class ModelVersionAdmin(ReadOnlyAdmin):
    permission = Permission.MANAGE_MODELS
    list_display = ("number", "status", "origin", "auc", "created_at", "activated_at")
    list_filter = ("status", "origin")
    change_form_template = "admin/credit/modelversion/change_form.html"
    change_list_template = "admin/credit/modelversion/change_list.html"
    inlines = (PolicyInline,)
    readonly_fields = ("auc", "features", "results", "card_as_table", "card_as_json", "pages", "job_link")
    fieldsets = (
        (None, {"fields": ("number", "status", "origin", "activated_at", "pages", "results", "card_as_table")}),
        (_("Suspension"), {"fields": ("suspended_at", "suspension_reason")}),
        (_("Origin"), {"fields": ("created_at", "created_by", "job_link", "feature_set", "features", "sha256")}),
        (_("The whole card"), {"fields": ("card_as_json",), "classes": ("collapse",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[ModelVersion]:
        return model_versions()

    @admin.display(description=_("pages"))
    def pages(self, version: ModelVersion) -> SafeString | str:
        """Links to suspend or resume the active version and to change its threshold."""
        if version.status != ModelVersion.Status.ACTIVE:
            return self.empty_value_display
        links = (("credit:model_card", _("Suspend or resume")), ("credit:model_threshold", _("Change the threshold")))
        return format_html_join(" · ", '<a href="{}">{}</a>', ((reverse(name), label) for name, label in links))

    @admin.display(description=_("AUC"))
    def auc(self, version: ModelVersion) -> str:
        evaluation = version.card.get("evaluation")
        return formats.decimal(evaluation["intervals"]["roc_auc"]["value"], 3) if evaluation else "–"

    @admin.display(description=_("features"))
    def features(self, version: ModelVersion) -> int:
        return len(version.feature_names)

    @admin.display(description=_("clients"))
    def results(self, version: ModelVersion) -> str:
        progress = portfolio_progress(version)
        return gettext("%(clients)s, %(scored)s with a score and %(explained)s with an explanation") % {
            "clients": formats.amount(progress.clients),
            "scored": formats.amount(progress.scored),
            "explained": formats.amount(progress.explained),
        }

    @admin.display(description=_("card"))
    def card_as_table(self, version: ModelVersion) -> SafeString:
        facts = ((fact.label, fact.value) for fact in card_facts(version.card))
        return format_html("<table>{}</table>", format_html_join("", "<tr><th>{}</th><td>{}</td></tr>", facts))

    @admin.display(description=_("card"))
    def card_as_json(self, version: ModelVersion) -> SafeString | str:
        return json_block(version.card)

    def get_urls(self) -> list[URLPattern]:
        return [
            path("train/", self.button_view(self.train_view), name="credit_modelversion_train"),
            path("roll-back/", self.button_view(self.roll_back_view), name="credit_modelversion_roll_back"),
            path("<int:pk>/promote/", self.button_view(self.promote_view), name="credit_modelversion_promote"),
            path("<int:pk>/run/", self.button_view(self.run_view), name="credit_modelversion_run"),
            *super().get_urls(),
        ]

    def train_view(self, request: HttpRequest) -> str:
        options = TrainingRequest(is_monotone="free" not in request.POST)
        job = request_training(request=options, by=actor_of(request))
        messages.success(request, gettext("The training is queued."))
        return admin_url(job)

    def roll_back_view(self, request: HttpRequest) -> str:
        version = roll_back(by=actor_of(request))
        messages.success(request, gettext("Version %(number)d is active again.") % {"number": version.number})
        return admin_url(version)

    def promote_view(self, request: HttpRequest, pk: int) -> str:
        version = promote(model_version=get_object_or_404(model_versions(), pk=pk), by=actor_of(request))
        messages.success(request, gettext("Version %(number)d is active.") % {"number": version.number})
        return admin_url(version)

    def run_view(self, request: HttpRequest, pk: int) -> str:
        version = get_object_or_404(model_versions(), pk=pk)
        request_scoring(model_version=version, by=actor_of(request))
        job = request_portfolio_explanation(model_version=version, by=actor_of(request))
        messages.success(request, gettext("Scores and explanations are queued."))
        return admin_url(job)
