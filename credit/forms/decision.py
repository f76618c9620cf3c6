"""What people type when they decide: the consultation, the charges, the decision, its countersignature, a review."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from credit.forms.numbers import NumberField
from credit.models import Decision, FicpConsultation, ReviewRequest
from credit.models.client import LARGEST_CHARGES
from pretadepenser.core.days import DayField


def some_lines(limit: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": 3, "maxlength": limit})


class DecisionForm(forms.Form):
    """What a decision rests on and the decision itself, sent together; each part may be left out until it is needed.

    ``version`` is that of the file when the page was opened: a change in between is reported, not overwritten.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)
    consulted_on = DayField(label=_("Consulted on"), initial=timezone.localdate, required=False)
    ficp_result = forms.ChoiceField(
        label=_("FICP result"),
        widget=forms.RadioSelect,
        required=False,
        choices=[
            (FicpConsultation.Result.CLEAR, _("Not listed")),
            (FicpConsultation.Result.LISTED, _("Listed")),
        ],
    )
    monthly_charges = NumberField(
        label=_("Other monthly charges"), required=False, min_value=0, max_value=LARGEST_CHARGES
    )
    outcome = forms.ChoiceField(
        label=_("Your decision"),
        widget=forms.RadioSelect,
        required=False,
        choices=[
            (Decision.Outcome.GRANTED, _("Grant the loan")),
            (Decision.Outcome.REFUSED, _("Refuse the loan")),
            (Decision.Outcome.DOCUMENTS, _("Ask for more documents")),
        ],
    )
    reason = forms.CharField(
        label=_("Reason, or the documents needed"), required=False, max_length=2000, widget=some_lines(2000)
    )

    def grounds(self) -> dict[str, Any]:
        """What the decision rests on; charges that the request does not mention stay as they are."""
        names = ("consulted_on", "ficp_result", *(("monthly_charges",) if "monthly_charges" in self.data else ()))
        return {name: self.cleaned_data[name] for name in names}

    def answers(self) -> dict[str, Any]:
        """The decision itself."""
        return {name: self.cleaned_data[name] for name in ("version", "outcome", "reason")}

    def on_version(self, version: int) -> "DecisionForm":
        """The same answers on the file as it is now, to be read again and sent again."""
        return DecisionForm({**{name: self[name].value() for name in self.fields}, "version": version})

    def after_grounds(self) -> "DecisionForm":
        """The same answers without the consultation, which is recorded."""
        names = ("version", "outcome", "reason", "monthly_charges")
        return DecisionForm(initial={name: self[name].value() for name in names})


class CountersignForm(forms.Form):
    note = forms.CharField(
        label=_("Note"),
        help_text=_("Needed when you decline."),
        required=False,
        max_length=2000,
        widget=some_lines(2000),
    )
    accepts = forms.ChoiceField(choices=[("yes", _("Countersign")), ("no", _("Decline"))])


class ReviewRequestForm(forms.Form):
    requested_on = DayField(label=_("Requested on"), initial=timezone.localdate)
    borrower_comment = forms.CharField(
        label=_("Borrower's comments"), required=False, max_length=4000, widget=some_lines(4000)
    )


class ReviewOutcomeForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("Outcome"),
        widget=forms.RadioSelect,
        choices=[
            (ReviewRequest.Outcome.UPHELD, _("The decision is upheld")),
            (ReviewRequest.Outcome.CHANGED, _("A new decision is needed")),
        ],
    )
    note = forms.CharField(label=_("Explanation for the borrower"), max_length=4000, widget=some_lines(4000))
