"""The image to classify."""

from django import forms
from django.conf import settings
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


def _limits() -> str:
    sentence = _("JPEG, PNG, WebP, GIF or BMP, up to %(count)d MB. Only a smaller copy without metadata is kept.")
    return sentence % {"count": settings.VISION_IMAGE_MEGABYTES}


class TrialForm(forms.Form):
    """One file; the service checks what it holds."""

    image = forms.FileField(
        label=gettext_lazy("Image"),
        help_text=lazy(_limits, str)(),
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/gif,image/bmp"}),
    )
