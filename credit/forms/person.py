"""What an administrator types to erase a person."""

from django import forms
from django.utils.translation import gettext_lazy as _

from credit.services.persons import Ground


class ErasureForm(forms.Form):
    """``is_forced`` is there only for a file whose last decision must still be kept."""

    ground = forms.ChoiceField(
        label=_("Why"),
        choices=[("", ""), *((each.value, each.label) for each in Ground if each != Ground.PERIOD_OVER)],
    )
    confirmation = forms.CharField(
        label=_("The client's number, to confirm"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    is_forced = forms.BooleanField(label=_("Erase although the decision must still be kept"), required=False)

    def __init__(self, data: dict[str, str] | None = None, *, is_retained: bool) -> None:
        super().__init__(data)
        if not is_retained:
            del self.fields["is_forced"]
