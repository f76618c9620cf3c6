"""``core.formats`` as template filters, which the settings load into every template."""

from django import template

from pretadepenser.core import formats

register = template.Library()

for text_of in (
    formats.amount,
    formats.decimal,
    formats.filled,
    formats.is_blank,
    formats.long_date,
    formats.moment,
    formats.percent,
    formats.points,
    formats.probability,
    formats.signed,
    formats.tenths,
    formats.years,
    formats.yes_no,
):
    register.filter(text_of)
