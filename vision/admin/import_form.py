"""The forms that import images and describe their classes."""

from collections.abc import Sequence
from pathlib import Path

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pretadepenser.core.import_roots import importable, roots_hint
from vision.ml.prompts import SUGGESTED_DESCRIPTIONS
from vision.models import ImageDataset
from vision.services.datasets import LONGEST_NAME


def _upload_limit() -> str:
    return gettext("Up to %(count)d MB.") % {"count": settings.VISION_UPLOAD_MEGABYTES}


class ImportForm(forms.Form):
    """A path on the server under IMPORT_ROOTS, or an uploaded archive."""

    source = forms.CharField(
        label=_("Folder, zip archive or CSV file on the server"),
        help_text=lazy(roots_hint, str)(),
        max_length=500,
        required=False,
    )
    images = forms.CharField(
        label=_("Image folder"), help_text=_("Only for a CSV file."), max_length=500, required=False
    )
    archive = forms.FileField(
        label=_("Or a zip archive from this computer"), help_text=lazy(_upload_limit, str)(), required=False
    )
    name = forms.CharField(
        label=_("Name"),
        help_text=_("Optional: the name of the source by default."),
        max_length=LONGEST_NAME,
        required=False,
    )

    def clean_source(self) -> Path | None:
        text = self.cleaned_data["source"]
        return importable(text, _is_source) if text else None

    def clean_images(self) -> Path | None:
        text = self.cleaned_data["images"]
        return importable(text, Path.is_dir) if text else None

    def clean(self) -> dict[str, object]:
        data = super().clean() or {}
        if not self.errors and bool(data.get("source")) == bool(data.get("archive")):
            raise forms.ValidationError(gettext("Give either a path on the server or an archive to upload."))
        return data


class DescriptionsForm(forms.Form):
    """One field per class of a data set, one sentence per line."""

    def __init__(self, dataset: ImageDataset, data: QueryDict | None) -> None:
        super().__init__(data)
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
        """The field of the class with this name."""
        return f"class_{self._classes.index(name)}" if name in self._classes else None

    @property
    def descriptions(self) -> dict[str, list[str]]:
        """The sentences of each class."""
        values = self.cleaned_data
        return {name: values[f"class_{number}"].splitlines() for number, name in enumerate(self._classes)}


def _is_source(path: Path) -> bool:
    return path.is_dir() or (path.is_file() and path.suffix.lower() in (".zip", ".csv"))
