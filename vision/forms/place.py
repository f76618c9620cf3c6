"""Which results of a run a page shows. What an address says wrongly is ignored."""

from collections.abc import Mapping, Sequence
from typing import Final

from django import forms
from django.utils.translation import gettext_lazy as _

from vision.ml.types import Part
from vision.models import ContenderResult
from vision.selectors.benchmarks import Measurement
from vision.wording import ALL_FOLDS, PLACE, contender_title

LARGEST: Final = 2**31 - 1
ALL: Final = "all"
#: Which test images the page about two contenders shows.
SHOWN: Final = {
    "both_wrong": _("misclassified by both"),
    "only_a": _("misclassified by the second only"),
    "only_b": _("misclassified by the first only"),
}


class PlaceForm(forms.Form):
    """Contender, seed and fold of a result, part of its split, and a cell of its confusion matrix."""

    contender = forms.CharField(required=False, max_length=80)
    seed = forms.IntegerField(required=False, min_value=0, max_value=LARGEST)
    fold = forms.IntegerField(required=False, min_value=0, max_value=LARGEST)
    part = forms.ChoiceField(required=False, choices=[(part.value, part.value) for part in Part])
    true = forms.IntegerField(required=False, min_value=0, max_value=LARGEST)
    predicted = forms.IntegerField(required=False, min_value=0, max_value=LARGEST)

    def __init__(self, query: Mapping[str, str]) -> None:
        super().__init__(query)
        self.full_clean()

    def measurement_among(self, results: Sequence[ContenderResult]) -> Measurement | None:
        """The first contender and seed that the address names, on the fold that it names or on all folds."""
        values = {name: self.cleaned_data.get(name) for name in ("contender", "seed", "fold")}
        named = {name: value for name, value in values.items() if value not in (None, "")}
        matching = [row for row in results if all(getattr(row, name) == value for name, value in named.items())]
        alike = [row for row in matching if (row.contender, row.seed) == (matching[0].contender, matching[0].seed)]
        return Measurement(tuple(alike)) if alike else None

    @property
    def split_part(self) -> Part:
        return Part(self.cleaned_data.get("part") or Part.TEST)

    @property
    def cell(self) -> tuple[int, int] | None:
        """True and predicted class; None for all misclassified images."""
        true, predicted = self.cleaned_data.get("true"), self.cleaned_data.get("predicted")
        return None if true is None or predicted is None else (true, predicted)


class FaceToFaceForm(forms.Form):
    """Two contenders, the fold and seed whose test images are shown, and which of these images."""

    a = forms.ChoiceField(label=_("Contender"), required=False)
    b = forms.ChoiceField(label=_("Compared with"), required=False)
    split = forms.ChoiceField(label=_("Split"), required=False)
    show = forms.ChoiceField(label=_("Show images"), required=False, choices=list(SHOWN.items()))

    def __init__(self, query: Mapping[str, str], *, results: Sequence[ContenderResult]) -> None:
        super().__init__(dict(query.items()))
        self._shown = {(f"{row.fold}-{row.seed}", row.contender): Measurement((row,)) for row in results}
        names = list(dict.fromkeys(row.contender for row in results))
        splits = {f"{row.fold}-{row.seed}": PLACE % {"fold": row.fold + 1, "seed": row.seed} for row in results}
        if len({row.fold for row in results}) > 1:
            pooled: dict[tuple[str, str], tuple[ContenderResult, ...]] = {}
            for row in results:
                pooled[f"{ALL}-{row.seed}", row.contender] = (
                    *pooled.get((f"{ALL}-{row.seed}", row.contender), ()),
                    row,
                )
            self._shown |= {place: Measurement(rows) for place, rows in pooled.items()}
            splits = {f"{ALL}-{row.seed}": ALL_FOLDS % {"seed": row.seed} for row in results} | splits
        self._offer("a", {name: contender_title(name) for name in names})
        others = [name for name in names if name != self.data["a"]]
        self._offer("b", {name: contender_title(name) for name in names}, default=next(iter(others), ""))
        self._offer("split", splits)
        self._offer("show", SHOWN)
        if len(splits) < 2:
            del self.fields["split"]  # nothing to choose

    @property
    def shown(self) -> str:
        """A key of ``SHOWN``."""
        return str(self.data["show"])

    @property
    def place(self) -> str:
        """A value of ``split``."""
        return str(self.data["split"])

    @property
    def pair(self) -> tuple[Measurement, Measurement] | None:
        """What both measured on the chosen split; None unless two different contenders have one."""
        a, b = (self._shown.get((self.place, self.data[name])) for name in ("a", "b"))
        return (a, b) if a and b and a is not b else None

    def _offer(self, name: str, choices: Mapping[str, object], *, default: str | None = None) -> None:
        """Sets the choices; a value that is not among them becomes the default, the first choice unless given."""
        self.fields[name].choices = list(choices.items())  # type: ignore[attr-defined]  # a ChoiceField
        if self.data.get(name) not in choices:
            self.data = {**self.data, name: next(iter(choices), "") if default is None else default}
