"""The file of a client, new or changed, and the upload of several."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from credit.forms.application import SectionSpec, bound_sections, field_of, from_field, to_field
from credit.forms.numbers import NumberField, number_text
from credit.ml.application import RawValue
from credit.ml.catalogue.sections import HOUSEHOLD, LOAN, OUTSIDE, WORK
from credit.ml.columns import DAYS_SENTINEL
from credit.ml.names import LONGEST_NAME
from credit.models.client import LARGEST_CHARGES, PERSON

NOT_EMPLOYED: Final = "NOT_EMPLOYED"
LARGEST_UPLOAD: Final = 5 * 2**20  # bytes
SECTIONS: Final[tuple[SectionSpec, ...]] = (
    (_("The borrower"), ("first_name", "last_name")),
    (_("The loan"), LOAN),
    (_("Work and income"), (*WORK, NOT_EMPLOYED, "monthly_charges")),
    (_("Household and housing"), HOUSEHOLD),
    (_("Outside information"), OUTSIDE),
)
COLUMNS: Final = (*LOAN, *WORK, *HOUSEHOLD, *OUTSIDE)


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """A field that somebody else changed: what it showed before, what it is now, and what the person typed."""

    label: str
    before: str
    now: str
    own: str


class ClientFileForm(forms.Form):
    """Everything optional but the amount: what nobody knows stays missing.

    In a change of a file every field brings along what it showed first: what the person changed is what differs from
    that, whatever others changed meanwhile.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    first_name = forms.CharField(label=_("First name"), required=False, max_length=LONGEST_NAME)
    last_name = forms.CharField(label=_("Last name"), required=False, max_length=LONGEST_NAME)
    monthly_charges = NumberField(
        label=_("Other monthly charges"),
        required=False,
        min_value=0,
        max_value=LARGEST_CHARGES,
        help_text=_("Rent, other loans, alimony. The model does not use them."),
    )

    def __init__(self, data: Mapping[str, str] | None = None, *, initial: Mapping[str, object] | None = None) -> None:
        super().__init__(data, initial=dict(initial or {"NAME_CONTRACT_TYPE": "Cash loans"}))
        self.meanwhile: list[Meanwhile] = []
        for name in COLUMNS:
            self.fields[name] = field_of(name)
        self.fields[NOT_EMPLOYED] = forms.BooleanField(label=_("Not employed or retired"), required=False)
        self.fields["AMT_CREDIT"].required = True
        if initial:
            for name, field in self.fields.items():
                field.show_hidden_initial = name != "version"

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get(NOT_EMPLOYED) and cleaned.get("DAYS_EMPLOYED") is not None:
            self.add_error("DAYS_EMPLOYED", _("Leave this empty for somebody who is not employed."))
        if (age := cleaned.get("DAYS_BIRTH")) is not None and age < 18:
            self.add_error("DAYS_BIRTH", _("A borrower is at least 18 years old."))
        if age is not None and (cleaned.get("DAYS_EMPLOYED") or 0) >= age:
            self.add_error("DAYS_EMPLOYED", _("The time in employment does not fit the age: check both."))
        return cleaned

    def application(self) -> dict[str, RawValue]:
        """Every column of the form with its raw value, None for a blank; call it on a valid form."""
        values = {name: from_field(name, self.cleaned_data[name]) for name in COLUMNS}
        if self.cleaned_data[NOT_EMPLOYED]:
            values["DAYS_EMPLOYED"] = DAYS_SENTINEL
        return values

    def known_application(self) -> dict[str, RawValue]:
        """As ``application``, of what could be read so far."""
        values = {name: from_field(name, self.cleaned_data.get(name)) for name in COLUMNS}
        return values | ({"DAYS_EMPLOYED": DAYS_SENTINEL} if self.cleaned_data.get(NOT_EMPLOYED) else {})

    def changed_application(self) -> dict[str, RawValue]:
        """The columns that the person changed, with their raw values."""
        employment = {"DAYS_EMPLOYED"} if {"DAYS_EMPLOYED", NOT_EMPLOYED} & set(self.changed_data) else set()
        wanted = (set(self.changed_data) & set(COLUMNS)) | employment
        return {name: value for name, value in self.application().items() if name in wanted}

    def changed_person(self) -> dict[str, str | float | None]:
        """Of the name and the charges what the person changed."""
        return {name: self.cleaned_data[name] for name in PERSON if name in self.changed_data}

    def on_top_of(self, now: Mapping[str, object]) -> "ClientFileForm":
        """The form of the newer file with this person's own changes, after somebody else saved first.

        ``meanwhile`` of the new form lists what the other person changed. Call it on a valid form.
        """
        data = {name: _text(value) for name, value in now.items()}
        data |= {name: str(self.data.get(name, "")) for name in self.changed_data if name != "version"}
        data |= {f"initial-{name}": _text(value) for name, value in now.items() if name != "version"}
        again = ClientFileForm(data, initial=now)
        again.full_clean()
        again.meanwhile = [self._meanwhile(name, now[name]) for name in now if self._was_changed(name, now[name])]
        return again

    @property
    def sections(self) -> list[tuple[str | Promise, list[forms.BoundField]]]:
        return bound_sections(self, SECTIONS)

    @property
    def faulty_fields(self) -> list[forms.BoundField]:
        """The visible fields with something wrong, in the form's order."""
        return [field for _title, fields in self.sections for field in fields if field.errors]

    def _was_changed(self, name: str, now: object) -> bool:
        """Whether a field shows something else now than when the person opened the form."""
        return f"initial-{name}" in self.data and self.fields[name].has_changed(self._first(name), now)

    def _first(self, name: str) -> object:
        """What a field showed when the person opened the form; None for what no field of ours shows."""
        field = self.fields[name]
        shown = self.data.get(f"initial-{name}")
        try:
            return bool(shown) and shown != "False" if isinstance(field, forms.BooleanField) else field.to_python(shown)
        except forms.ValidationError:
            return None

    def _meanwhile(self, name: str, now: object) -> "Meanwhile":
        own = self.cleaned_data[name] if name in self.changed_data else None
        label = str(self.fields[name].label)
        return Meanwhile(label, *(self._words(name, value) for value in (self._first(name), now, own)))

    def _words(self, name: str, value: object) -> str:
        if isinstance(value, bool):
            return str(_("yes") if value else _("no"))
        if isinstance(value, int | float):
            return number_text(value)
        choices = dict(getattr(self.fields[name], "choices", ()))
        return str(choices.get(value, "" if value is None else value))


class ClientUploadForm(forms.Form):
    """A CSV file of applications, or a few lines pasted."""

    file = forms.FileField(
        label=_("CSV file"), required=False, widget=forms.FileInput(attrs={"accept": ".csv,text/csv"})
    )
    lines = forms.CharField(
        label=_("Or paste the first line with the names of the columns, and one line for each client"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or self.cleaned_data
        file, lines = cleaned.get("file"), str(cleaned.get("lines") or "").strip()
        if bool(file) == bool(lines) and not self.errors:
            raise forms.ValidationError(_("Choose a file or paste lines: one of the two."))
        if isinstance(file, UploadedFile) and (file.size or 0) > LARGEST_UPLOAD:
            self.add_error("file", _("The file is larger than 5 MB: split it, or ask an administrator to import it."))
        return cleaned

    def content(self) -> bytes:
        """The bytes that were sent; call it on a valid form."""
        file = self.cleaned_data.get("file")
        return file.read() if isinstance(file, UploadedFile) else str(self.cleaned_data["lines"]).encode()


def values_for_form(application: Mapping[str, RawValue], person: Mapping[str, object]) -> dict[str, object]:
    """What the form of a stored file shows first."""
    shown: dict[str, object] = {name: to_field(name, application[name]) for name in COLUMNS}
    shown[NOT_EMPLOYED] = application["DAYS_EMPLOYED"] == DAYS_SENTINEL
    return shown | dict(person)


def _text(value: object) -> str:
    """A value as a browser would send it."""
    return "" if value is None or value is False else "on" if value is True else str(value)
