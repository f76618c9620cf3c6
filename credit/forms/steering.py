"""Forms of the pages about the model: its dictionary, its threshold, its suspension, its monitoring."""

from django import forms
from django.utils.translation import gettext_lazy as _

from credit.forms.numbers import NumberField
from credit.ml.advice import Zone
from credit.ml.threshold import CostRatio
from credit.selectors.monitoring import Period
from credit.services.policies import Proposal
from pretadepenser.core.days import DayField

_YES, _NO = "yes", "no"


class VariableForm(forms.Form):
    """Filters of the dictionary; what is wrong counts as left empty, so that an old address still opens."""

    q = forms.CharField(label=_("Name, meaning or unit"), required=False, max_length=100)
    theme = forms.ChoiceField(label=_("Theme"), required=False)
    table = forms.ChoiceField(label=_("Table"), required=False)
    read = forms.ChoiceField(
        label=_("Used by the model"), required=False, choices=[("", _("All")), (_YES, _("Yes")), (_NO, _("No"))]
    )

    def __init__(self, data: dict[str, str], *, themes: list[tuple[str, str]], tables: list[tuple[str, str]]) -> None:
        super().__init__(data)
        for name, choices in (("theme", themes), ("table", tables)):
            label = self.fields[name].label
            self.fields[name] = forms.ChoiceField(label=label, required=False, choices=[("", _("All")), *choices])

    def asked(self) -> tuple[str, str, str, bool | None]:
        """Text, theme, table, and whether the model must read the variable; neutral where nothing valid was given."""
        self.full_clean()
        chosen = self.cleaned_data
        is_read = {_YES: True, _NO: False}.get(chosen.get("read", ""))
        return chosen.get("q", "").replace("\0", ""), chosen.get("theme", ""), chosen.get("table", ""), is_read


class PolicyForm(forms.Form):
    """Another threshold, to be simulated; percentages as people write them."""

    cost_false_negative = NumberField(label=_("Cost of a granted client who defaults"))
    cost_false_positive = NumberField(label=_("Cost of a refused client who would have paid"))
    percent = NumberField(
        label=_("Threshold in %"),
        required=False,
        min_value=0,
        max_value=100,
        help_text=_("If left empty, the cheapest threshold."),
    )

    def proposal(self) -> Proposal:
        chosen = self.cleaned_data
        return Proposal(
            costs=CostRatio(chosen["cost_false_negative"], chosen["cost_false_positive"]),
            threshold=None if chosen["percent"] is None else chosen["percent"] / 100,
        )


class ActivationForm(forms.Form):
    """What was simulated, sent back to be put in force, and why."""

    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    replaces = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
    threshold = forms.FloatField(widget=forms.HiddenInput)
    grey_low = forms.FloatField(widget=forms.HiddenInput)
    grey_high = forms.FloatField(widget=forms.HiddenInput)
    cost_false_negative = forms.FloatField(widget=forms.HiddenInput)
    cost_false_positive = forms.FloatField(widget=forms.HiddenInput)
    note = forms.CharField(
        label=_("Why"), max_length=300, help_text=_("Stays in the history of thresholds and in the journal.")
    )

    def proposal(self) -> Proposal:
        chosen = self.cleaned_data
        costs = CostRatio(chosen["cost_false_negative"], chosen["cost_false_positive"])
        return Proposal(costs, chosen["threshold"], chosen["grey_low"], chosen["grey_high"])

    @staticmethod
    def initial_of(zone: Zone, costs: CostRatio, *, version: int, replaces: int) -> dict[str, float]:
        """The hidden fields that say what was simulated."""
        return {
            "version": version,
            "replaces": replaces,
            "threshold": zone.threshold,
            "grey_low": zone.grey_low,
            "grey_high": zone.grey_high,
            "cost_false_negative": costs.false_negative,
            "cost_false_positive": costs.false_positive,
        }


class ReasonForm(forms.Form):
    """Why the model is suspended or resumed."""

    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Reason"), max_length=300)


class PeriodForm(forms.Form):
    """Which clients are compared with those the model learned from."""

    start = DayField(label=_("Files created from"), required=False)
    end = DayField(label=_("Files created until"), required=False)

    def period(self) -> Period:
        return Period(self.cleaned_data["start"], self.cleaned_data["end"])
