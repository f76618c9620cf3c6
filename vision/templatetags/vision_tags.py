"""Template tags and filters of the benchmark's pages."""

from typing import Final

from django import template
from django.template.context import Context
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pretadepenser.core import formats
from vision.presenters import figures

register = template.Library()

for text_of in (figures.duration, figures.megabytes, figures.millions, formats.points_size):
    register.filter(text_of)

SECTIONS: Final = ((_("Benchmarks"), "vision:run_list"), (_("Data sets"), "vision:dataset_list"))


@register.inclusion_tag("components/_tabs.html", takes_context=True)
def section_tabs(context: Context) -> dict[str, object]:
    """The lists of the section; the one that the page belongs to is current."""
    path = context["request"].path
    own = "vision:dataset_list" if path.startswith(reverse("vision:dataset_list")) else "vision:run_list"
    tabs = [{"label": title, "url": reverse(name), "is_current": name == own} for title, name in SECTIONS]
    return {"label": _("Benchmark sections"), "tabs": tabs}
