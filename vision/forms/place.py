"""Which result of a run a page is about; whatever an address says that makes no sense is as if it were not said."""

from collections.abc import Mapping, Sequence
from typing import Final

from django import forms
from django.utils.translation import gettext_lazy as _

from vision.ml.types import Part
from vision.models import ContenderResult
from vision.wording import contender_title

LARGEST: Final = 2**31 - 1
#: Whose test images the page about two contenders shows.
SHOWN: Final = {
    "both_wrong": _("both wrong"),
    "only_a": _("only the first is right"),
    "only_b": _("only the second is right"),
}


class PlaceForm(forms.Form):
    """Contender, seed and fold of a result, part of its split, and a cell of its confusion matrix."""

    contender = forms.CharField(required=False, max_length=80)
    seed = forms.IntegerField(required=False, min_value=0, max_value=LARGEST)
    fold = forms.IntegerField(required=False, min_value=0, max_value=LARGEST)
    part = forms.ChoiceField(required=False, choices=[(part.value, part.value) for part in Part])
    true = forms.IntegerField(required=False, min_value=0, max_value=LARGEST)
    predicted = forms.IntegerField(required=False, min_value=0, max_value=LARGEST)

    def chosen(self, results: Sequence[ContenderResult]) -> ContenderResult | None:
        """The result that is asked for; the first one where seed and fold are not given; None where there is none."""
        asked = {name: self._said(name) for name in ("contender", "seed", "fold")}
        wanted = {name: value for name, value in asked.items() if value is not None}
        return next(
            (each for each in results if all(getattr(each, name) == value for name, value in wanted.items())), None
        )

    @property
    def asked_part(self) -> Part:
        return Part(str(self._said("part") or Part.TEST))

    @property
    def asked_cell(self) -> tuple[int, int] | None:
        """True and predicted class; None for all images classified wrongly."""
        true, predicted = self._said("true"), self._said("predicted")
        return None if true is None or predicted is None else (int(true), int(predicted))

    def _said(self, name: str) -> str | int | None:
        self.is_valid()
        said: str | int | None = self.cleaned_data.get(name)
        return None if said == "" else said


class FaceToFaceForm(forms.Form):
    """Two contenders, the fold and seed whose test images are shown, and which of them."""

    a = forms.ChoiceField(label=_("Contender"), required=False)
    b = forms.ChoiceField(label=_("Against"), required=False)
    split = forms.ChoiceField(label=_("Images of"), required=False)
    show = forms.ChoiceField(label=_("Show"), required=False)

    def __init__(self, data: Mapping[str, str], *, results: Sequence[ContenderResult]) -> None:
        super().__init__(dict(data.items()))
        self._results = results
        names = list(dict.fromkeys(result.contender for result in results))
        splits = dict.fromkeys((result.fold, result.seed) for result in results)
        contenders = [(name, contender_title(name)) for name in names]
        words = _("Fold %(fold)d, seed %(seed)d")
        self._choose("a", contenders, names[0] if names else "")
        self._choose("b", contenders, next((name for name in names if name != self.a_name), ""))
        places = [(f"{fold}-{seed}", str(words) % {"fold": fold + 1, "seed": seed}) for fold, seed in splits]
        self._choose("split", places, places[0][0] if places else "")
        if len(places) < 2:
            del self.fields["split"]  # nothing to choose
        self._choose("show", [(name, str(label)) for name, label in SHOWN.items()], next(iter(SHOWN)))

    @property
    def a_name(self) -> str:
        return self._value("a")

    @property
    def shown(self) -> str:
        """A key of ``SHOWN``."""
        return self._value("show")

    @property
    def pair(self) -> tuple[ContenderResult, ContenderResult] | None:
        """The results of both on the chosen split; None when there are not two contenders there."""
        fold, _dash, seed = self._value("split").partition("-")
        found = {
            result.contender: result for result in self._results if (str(result.fold), str(result.seed)) == (fold, seed)
        }
        a, b = found.get(self.a_name), found.get(self._value("b"))
        return (a, b) if a and b and a is not b else None

    def _choose(self, name: str, choices: list[tuple[str, str]], default: str) -> None:
        """Offers the choices; one that is not among them is replaced by the default."""
        self.fields[name].choices = choices  # type: ignore[attr-defined]  # a ChoiceField
        if self.data.get(name) not in dict(choices):
            self.data = {**self.data, name: default}

    def _value(self, name: str) -> str:
        return str(self.data.get(name, ""))
