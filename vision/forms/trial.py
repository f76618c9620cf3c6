"""A picture to be classified."""

from django import forms
from django.utils.translation import gettext_lazy as _


class TrialForm(forms.Form):
    """One file; what it must be is the service's to say."""

    image = forms.FileField(
        label=_("Picture"),
        help_text=_("JPEG, PNG, WebP, GIF or BMP. A smaller copy without its metadata is kept."),
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/gif,image/bmp"}),
    )

    def picture(self) -> bytes:
        """The bytes of the file, once the form is valid."""
        content: bytes = self.cleaned_data["image"].read()
        return content
