"""The days that pages and endpoints accept: near the ends of the calendar a change of time zone overflows."""

from datetime import date
from typing import Final

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

FIRST_DAY: Final = date(1900, 1, 1)
LAST_DAY: Final = date(2999, 12, 31)
IN_RANGE: Final = (MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY))


class DayField(forms.DateField):
    """A day between ``FIRST_DAY`` and ``LAST_DAY``, with the browser's date picker."""

    default_validators = [*IN_RANGE]
    widget = forms.DateInput({"type": "date"}, "%Y-%m-%d")
