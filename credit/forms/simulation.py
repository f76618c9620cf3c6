"""What an advisor may change of a file in a simulation."""

import math
from collections.abc import Mapping, Sequence
from typing import Final

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from credit.forms.application import SectionSpec, bound_sections, field_of, from_field, to_field
from credit.forms.numbers import NumberField, WholeNumberField, number_text
from credit.ml.application import RawValue
from credit.ml.catalogue import variables
from credit.ml.catalogue.sections import HOUSEHOLD
from credit.ml.levers import DOWN_PAYMENT, INSTALMENTS, LEVERS, QUANTITIES, Situation, loan_figures
from credit.ml.loan import FEWEST, LOAN_COLUMNS, MOST, Loan, NeverRepaid, Quantity, kept_with
from credit.services.simulations import read_changes
from pretadepenser.core.errors import ApplicationError

SIMULABLE: Final = tuple(variable.name for variable in variables() if variable.is_simulable)
_HELD: Final = (
    (Quantity.COUNT.value, _("the number of instalments")),
    (Quantity.INSTALMENT.value, _("the instalment")),
    (Quantity.AMOUNT.value, _("the amount")),
)

#: The fields without a slider.
SECTIONS: Final[tuple[SectionSpec, ...]] = (
    (_("The loan"), ("AMT_GOODS_PRICE", "NAME_CONTRACT_TYPE")),
    (_("Work"), ("DAYS_EMPLOYED", "NAME_INCOME_TYPE", "OCCUPATION_TYPE", "ORGANIZATION_TYPE")),
    (_("Household and housing"), tuple(name for name in HOUSEHOLD if name in SIMULABLE)),
)


class SimulationForm(forms.Form):
    """The file's values, each of which may be replaced; what is left empty stays as in the file, or follows.

    Of amount, instalment and number of instalments two determine the third: one that is not given follows, with
    ``held`` kept as it is. ``situation`` is that of a valid form.
    """

    held = forms.ChoiceField(
        label=_("When one figure moves, keep"),
        required=False,
        choices=_HELD,
        widget=forms.RadioSelect,
    )

    def __init__(self, data: Mapping[str, str], *, application: Mapping[str, RawValue]) -> None:
        self._initial = {name: to_field(name, application[name]) for name in SIMULABLE}
        self._loan = Loan.read({name: _number(application[name]) for name in LOAN_COLUMNS})
        self.situation = Situation(loan=self._loan)
        if self._loan:
            self._initial[INSTALMENTS] = self._loan.count
            self._initial[DOWN_PAYMENT] = to_field("AMT_CREDIT", round(self._loan.down_payment, 2))
        texts = {name: "" if value is None else str(value) for name, value in self._initial.items()}
        given = {name: text for name, text in data.items() if name in (*self._initial, "held") and text}
        initial = {**self._initial, "held": Quantity.COUNT.value}
        super().__init__({**texts, "held": initial["held"], **given} if given else None, initial=initial)
        for name in SIMULABLE:
            self.fields[name] = field_of(name)
        if loan := self._loan:
            fewest, most = min(FEWEST, loan.count), max(MOST, loan.count)
            self.fields[INSTALMENTS] = WholeNumberField(
                label=_("Number of instalments"), required=False, min_value=fewest, max_value=most
            )
            if loan.price > 0:
                self.fields[DOWN_PAYMENT] = NumberField(label=_("Down payment"), required=False, min_value=0)

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or self.cleaned_data
        wanted = [name for name in QUANTITIES if name in self.fields and self._is_given(name)]
        if {"AMT_CREDIT", DOWN_PAYMENT} <= set(wanted):
            self.add_error(DOWN_PAYMENT, _("Give the amount or the down payment, not both."))
        elif len(wanted) == len(Quantity):
            sentence = _("Amount, instalment and number of instalments: give two of them, the third follows.")
            self.add_error(INSTALMENTS, sentence)
        if not self.errors:
            try:
                self.situation = self._situation(wanted)
            except NeverRepaid:
                field = "AMT_ANNUITY" if "AMT_ANNUITY" in wanted else wanted[0]
                self.add_error(field, _("The instalment does not cover the interest: the loan would never be repaid."))
            except ApplicationError as error:
                self._refuse(error.field, str(error), wanted)
        return cleaned

    def _situation(self, wanted: Sequence[str]) -> Situation:
        """What the fields say together; raises NeverRepaid and ApplicationError."""
        held = Quantity(self.cleaned_data["held"] or Quantity.COUNT)
        others = [name for name in self.changed_data if name in SIMULABLE and name not in wanted]
        values = {name: from_field(name, self.cleaned_data[name]) for name in others}
        loan = self._loan
        if loan is None:
            given = {name: self.cleaned_data[name] for name in wanted}
            return Situation(read_changes(values | given), None, held)
        if "AMT_GOODS_PRICE" in values:
            loan = loan.priced(_number(values["AMT_GOODS_PRICE"]))
        if wanted:
            loan = loan.changed({QUANTITIES[name]: self._amount(loan, name) for name in wanted}, held)
        stated = self._loan.columns if self._loan else {}
        changed = {name: value for name, value in loan.columns.items() if value != stated.get(name)}
        situation = Situation(read_changes(values | changed), loan, held)
        self._show_what_follows(wanted, held, loan)
        return situation

    def _amount(self, loan: Loan, name: str) -> float:
        value = float(self.cleaned_data[name])
        return loan.amount_after(value) if name == DOWN_PAYMENT else value

    def _show_what_follows(self, wanted: Sequence[str], held: Quantity, loan: Loan) -> None:
        """Empties each field of the loan that was neither given nor held; its new value is its placeholder."""
        kept = {kept_with(QUANTITIES[name], held) for name in wanted[:1] if len(wanted) == 1}
        for name, value in loan_figures(loan).items():
            follows = name in self.fields and name not in wanted and QUANTITIES[name] not in kept
            if follows and to_field("AMT_CREDIT", value) != self._initial[name]:
                self.data = {**self.data, name: ""}
                self.fields[name].widget.attrs["placeholder"] = number_text(value)

    def _is_given(self, name: str) -> bool:
        return name in self.changed_data and self.cleaned_data.get(name) is not None

    def _refuse(self, field: str | None, sentence: str, wanted: Sequence[str]) -> None:
        """Shows a refusal beside the field at fault, or beside the one that it follows from."""
        if field in QUANTITIES and field not in wanted and wanted:
            field = next((name for name in wanted if QUANTITIES[name] == QUANTITIES[field]), wanted[0])
        self.add_error(field if field in self.fields else None, sentence)

    @property
    def has_loan(self) -> bool:
        """Whether the file states a loan, so that its figures follow from each other."""
        return self._loan is not None

    @property
    def lever_fields(self) -> list[forms.BoundField]:
        """The fields with a slider, as far as the file has them."""
        return [self[name] for name in LEVERS if name in self.fields]

    @property
    def sections(self) -> list[tuple[str | Promise, list[forms.BoundField]]]:
        return bound_sections(self, SECTIONS)

    @property
    def has_other_changes(self) -> bool:
        """Whether a value without a slider is changed or refused."""
        names = {name for _title, fields in SECTIONS for name in fields}
        return bool(names & {*self.situation.changes.codes, *self.errors})


class SaveScenarioForm(forms.Form):
    """The name under which a scenario is kept; what it changes comes along as a query string."""

    name = forms.CharField(label=_("Name of the scenario"), max_length=80)
    scenario = forms.CharField(widget=forms.HiddenInput, max_length=2000)


def _number(value: RawValue) -> float:
    return float(value) if isinstance(value, (int, float)) else math.nan
