"""What people type when they decide: the consultation, the charges, the decision, its countersignature, a review."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from credit.forms.numbers import NumberField
from credit.models import Decision, FicpConsultation, ReviewRequest
from credit.models.client import LARGEST_CHARGES
from pretadepenser.core.days import DayField


def some_lines(limit: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": 3, "maxlength": limit})


class FicpForm(forms.Form):
    consulted_on = DayField(label=_("Consulted on"), initial=timezone.localdate)
    result = forms.ChoiceField(
        label=_("FICP result"),
        choices=[
            (FicpConsultation.Result.CLEAR, _("Not listed")),
            (FicpConsultation.Result.LISTED, _("Listed")),
        ],
    )


class ChargesForm(forms.Form):
    monthly_charges = NumberField(
        label=_("Other monthly charges"), required=False, min_value=0, max_value=LARGEST_CHARGES
    )


class DecisionForm(forms.Form):
    """``version`` is that of the file when the page was opened: a change in between is reported, not overwritten."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)
    outcome = forms.ChoiceField(
        label=_("Your decision"),
        widget=forms.RadioSelect,
        choices=[
            (Decision.Outcome.GRANTED, _("Grant the loan")),
            (Decision.Outcome.REFUSED, _("Refuse the loan")),
            (Decision.Outcome.DOCUMENTS, _("Ask for more documents")),
        ],
    )
    reason = forms.CharField(
        label=_("Reason, or the documents needed"),
        help_text=_("Needed when you depart from the advice. The borrower reads the list of documents."),
        required=False,
        max_length=2000,
        widget=some_lines(2000),
    )

    def of_version(self, version: int) -> "DecisionForm":
        """The same answers on the file as it is now, to be read again and sent again."""
        answers = {name: self[name].value() for name in ("outcome", "reason")}
        return DecisionForm({**answers, "version": version})


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
