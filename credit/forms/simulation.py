"""What an advisor may change of a file in a simulation."""

from collections.abc import Mapping
from typing import Final

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from credit.forms.application import SectionSpec, bound_sections, field_of, from_field, to_field
from credit.forms.numbers import NumberField, WholeNumberField
from credit.ml.application import RawValue
from credit.ml.catalogue import variables
from credit.ml.catalogue.sections import HOUSEHOLD
from credit.ml.simulation import NO_CHANGES, Changes
from credit.services.simulations import read_changes
from pretadepenser.core import formats
from pretadepenser.core.errors import ApplicationError

#: Fields without a column: the number of instalments replaces the instalment, the down payment the amount.
INSTALMENTS: Final = "INSTALMENTS"
DOWN_PAYMENT: Final = "DOWN_PAYMENT"
SIMULABLE: Final = tuple(variable.name for variable in variables() if variable.is_simulable)

SECTIONS: Final[tuple[SectionSpec, ...]] = (
    (_("The loan"), ("AMT_CREDIT", DOWN_PAYMENT, "AMT_ANNUITY", INSTALMENTS, "AMT_GOODS_PRICE", "NAME_CONTRACT_TYPE")),
    (
        _("Work and income"),
        ("AMT_INCOME_TOTAL", "DAYS_EMPLOYED", "NAME_INCOME_TYPE", "OCCUPATION_TYPE", "ORGANIZATION_TYPE"),
    ),
    (_("Household and housing"), tuple(name for name in HOUSEHOLD if name in SIMULABLE)),
)


class SimulationForm(forms.Form):
    """The file's values, each of which may be replaced; what is left empty stays as in the file.

    ``changes`` are those of a valid form.
    """

    changes: Changes = NO_CHANGES

    def __init__(self, data: Mapping[str, str], *, application: Mapping[str, RawValue]) -> None:
        self._initial = {name: to_field(name, application[name]) for name in SIMULABLE}
        texts = {name: "" if value is None else str(value) for name, value in self._initial.items()}
        given = {name: text for name, text in data.items() if name in (*SIMULABLE, INSTALMENTS, DOWN_PAYMENT) and text}
        super().__init__(texts | given if given else None, initial=self._initial)
        for name in SIMULABLE:
            self.fields[name] = field_of(name)
        self._add_derived(application)

    def _values(self) -> dict[str, RawValue]:
        """The changed columns and their raw values."""
        changed = {
            name: from_field(name, self.cleaned_data[name]) for name in self.changed_data if name in self._initial
        }
        amount, instalments = self.cleaned_data["AMT_CREDIT"], self.cleaned_data[INSTALMENTS]
        if (down_payment := self.cleaned_data[DOWN_PAYMENT]) is not None:
            amount = changed["AMT_CREDIT"] = self.cleaned_data["AMT_GOODS_PRICE"] - down_payment
        if instalments is not None:
            changed["AMT_ANNUITY"] = round(amount / instalments, 2)
        return changed

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or self.cleaned_data
        self._allow_one("AMT_ANNUITY", INSTALMENTS, _("Give the amount of the instalment or their number, not both."))
        self._allow_one("AMT_CREDIT", DOWN_PAYMENT, _("Give the amount or the down payment, not both."))
        if cleaned.get(DOWN_PAYMENT) is not None and cleaned.get("AMT_GOODS_PRICE") is None:
            self.add_error(DOWN_PAYMENT, _("A down payment needs the price of the goods."))
        if cleaned.get(INSTALMENTS) is not None and not (cleaned.get("AMT_CREDIT") or cleaned.get(DOWN_PAYMENT)):
            self.add_error(INSTALMENTS, _("A number of instalments needs the amount."))
        if not self.errors:
            try:
                self.changes = read_changes(self._values())
            except ApplicationError as error:
                self._refuse(error.field, str(error))
        return cleaned

    def _refuse(self, field: str | None, sentence: str) -> None:
        """Shows a refusal beside the field at fault, or beside the one that replaces it."""
        stands_for = {"AMT_ANNUITY": INSTALMENTS, "AMT_CREDIT": DOWN_PAYMENT}.get(field or "")
        if stands_for and self.cleaned_data.get(stands_for) is not None:
            field = stands_for
        self.add_error(field if field in self.fields else None, sentence)

    @property
    def sections(self) -> list[tuple[str | Promise, list[forms.BoundField]]]:
        return bound_sections(self, SECTIONS)

    def _allow_one(self, column: str, stand_in: str, sentence: str | Promise) -> None:
        if column in self.changed_data and self.cleaned_data.get(stand_in) is not None:
            self.add_error(stand_in, str(sentence))

    def _add_derived(self, application: Mapping[str, RawValue]) -> None:
        amount, annuity, price = (application[name] for name in ("AMT_CREDIT", "AMT_ANNUITY", "AMT_GOODS_PRICE"))
        self.fields[INSTALMENTS] = WholeNumberField(
            label=_("Number of instalments"), required=False, min_value=1, max_value=600
        )
        self.fields[DOWN_PAYMENT] = NumberField(label=_("Down payment"), required=False, min_value=0)
        if isinstance(amount, float) and isinstance(annuity, float) and annuity > 0:
            now = gettext("now %(value)s") % {"value": formats.tenths(amount / annuity)}
            self.fields[INSTALMENTS].widget.attrs["placeholder"] = now
        if isinstance(amount, float) and isinstance(price, float):
            now = gettext("now %(value)s") % {"value": formats.amount(max(price - amount, 0))}
            self.fields[DOWN_PAYMENT].widget.attrs["placeholder"] = now


class SaveScenarioForm(forms.Form):
    """The name under which a scenario is kept; what it changes comes along as a query string."""

    name = forms.CharField(label=_("Name of the scenario"), max_length=80)
    scenario = forms.CharField(widget=forms.HiddenInput, max_length=2000)
