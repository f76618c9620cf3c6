"""What an administrator says to import images and to describe their classes."""

from collections.abc import Callable, Sequence
from pathlib import Path

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pretadepenser.core.import_roots import find_importable, told_roots
from vision.ml.prompts import SUGGESTED_DESCRIPTIONS
from vision.models import ImageDataset
from vision.services.datasets import LONGEST_NAME


class ImportForm(forms.Form):
    """A place on the server under IMPORT_ROOTS, or an archive that is sent."""

    source = forms.CharField(label=_("Folder, zip archive or CSV file on the server"), max_length=500, required=False)
    images = forms.CharField(
        label=_("Folder of the images"),
        help_text=_("Only for a CSV file."),
        max_length=500,
        required=False,
    )
    archive = forms.FileField(label=_("Or a zip archive from this computer"), required=False)
    name = forms.CharField(
        label=_("Name"),
        help_text=_("May stay blank: the data set is then called as its source."),
        max_length=LONGEST_NAME,
        required=False,
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed through as they are
        self.fields["source"].help_text = gettext("Under %(roots)s.") % {"roots": told_roots()}
        limit = {"count": settings.VISION_UPLOAD_MEGABYTES}
        self.fields["archive"].help_text = gettext("Of at most %(count)d MB.") % limit

    def clean_source(self) -> Path | None:
        return _allowed(self.cleaned_data["source"], _is_source)

    def clean_images(self) -> Path | None:
        return _allowed(self.cleaned_data["images"], Path.is_dir)

    def clean(self) -> dict[str, object]:
        data = super().clean() or {}
        if not self.errors and bool(data.get("source")) == bool(data.get("archive")):
            raise forms.ValidationError(gettext("Name a place on the server, or choose an archive to send."))
        return data


class DescriptionsForm(forms.Form):
    """One field per class of a data set, one sentence a line."""

    def __init__(self, dataset: ImageDataset, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]  # handed through as they are
        self._classes: Sequence[str] = dataset.classes
        for number, name in enumerate(dataset.classes):
            sentences = dataset.descriptions.get(name) or SUGGESTED_DESCRIPTIONS.get(name, ())
            self.fields[f"class_{number}"] = forms.CharField(
                label=name,
                initial="\n".join(sentences),
                required=False,
                max_length=10_000,
                widget=forms.Textarea(attrs={"rows": max(3, len(sentences)), "lang": "en"}),
            )

    def field_of(self, name: str | None) -> str | None:
        """The field of the class that is called so."""
        return f"class_{self._classes.index(name)}" if name in self._classes else None

    @property
    def descriptions(self) -> dict[str, list[str]]:
        """The sentences of each class."""
        given = self.cleaned_data
        return {name: given[f"class_{number}"].splitlines() for number, name in enumerate(self._classes)}


def _is_source(path: Path) -> bool:
    return path.is_dir() or (path.is_file() and path.suffix.lower() in (".zip", ".csv"))


def _allowed(text: str, is_wanted: Callable[[Path], bool]) -> Path | None:
    if not text:
        return None
    found = find_importable(text, is_wanted)
    if found is None:
        sentence = gettext("There is no %(path)s where imports may read.")
        raise forms.ValidationError(sentence % {"path": text})
    return found
