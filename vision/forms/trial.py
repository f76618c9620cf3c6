"""An image to be classified."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class TrialForm(forms.Form):
    """One file; what it must be is the service's to say."""

    image = forms.FileField(
        label=_("Image"),
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/gif,image/bmp"}),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed through as they are
        sentence = _(
            "JPEG, PNG, WebP, GIF or BMP, of at most %(count)d MB. A smaller copy without its metadata is kept."
        )
        self.fields["image"].help_text = sentence % {"count": settings.VISION_IMAGE_MEGABYTES}

    def image_bytes(self) -> bytes:
        """The bytes of the file, once the form is valid."""
        content: bytes = self.cleaned_data["image"].read()
        return content
