"""Template tags of the components that need a computation; tables have a module of their own."""

from collections.abc import Sequence
from functools import cache
from typing import TypedDict

from django import template
from django.core.paginator import Page, Paginator
from django.db.models import Model
from django.http import HttpRequest
from django.template.context import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pretadepenser.core.formats import percent, probability
from pretadepenser.core.models import Job
from pretadepenser.core.once import FIELD, new_token

register = template.Library()

ADVICE_WORDS = {"granted": _("Granted"), "review": _("To review"), "refused": _("Refused")}
JOB_ICONS = {
    Job.Status.QUEUED: "clock",
    Job.Status.RUNNING: "running",
    Job.Status.SUCCEEDED: "success",
    Job.Status.FAILED: "error",
    Job.Status.CANCELLED: "cancelled",
}
GAUGE_ENDS = (0.2, 0.3, 0.4, 0.5, 0.75, 1.0)


class Badge(TypedDict):
    tone: str
    icon: str
    word: object
    is_large: bool


class Progress(TypedDict):
    done: int
    total: int
    share: str
    text: str
    message: str
    label: str


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """A decorative drawing of static/img/icons.svg, beside the word that says the same."""
    return _drawing(name, size)


@cache
def _drawing(name: str, size: str) -> SafeString:
    """Cached: a page shows dozens, and the address of a static file takes a look-up."""
    return format_html(
        '<svg class="icon icon--{}{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        name,
        f" icon--{size}" if size else "",
        static("img/icons.svg"),
        name,
    )


@register.inclusion_tag("components/_badge.html")
def advice_badge(advice: str, size: str = "") -> Badge:
    """The word, shape and colour of the advice granted, review or refused; size "large" for the head of a file."""
    return {"tone": advice, "icon": advice, "word": ADVICE_WORDS[advice], "is_large": size == "large"}


@register.inclusion_tag("components/_badge.html")
def status_badge(status: str) -> Badge:
    """The word and icon of a job's status."""
    known = Job.Status(status)
    return {"tone": status, "icon": JOB_ICONS[known], "word": capfirst(str(known.label)), "is_large": False}


@register.simple_block_tag
def page_header(
    content: SafeString,
    title: object,
    intro: str = "",
    parent: object = "",
    parent_url: str = "",
    badges: str | Sequence[str] = (),
) -> str:
    """The head of a page; the block holds its buttons, ``parent`` names the page above."""
    values = {"title": title, "intro": intro, "parent": parent, "parent_url": parent_url, "actions": content}
    texts = [badges] if isinstance(badges, str) else badges
    return render_to_string("components/_page_header.html", {**values, "badges": [text for text in texts if text]})


@register.inclusion_tag("components/_pagination.html", takes_context=True)
def pagination(context: Context, page: Page[Model]) -> dict[str, object]:
    """Links to the neighbouring, first and last pages, which keep the rest of the query."""
    request: HttpRequest = context["request"]

    def url(number: int) -> str:
        query = request.GET.copy()
        query["page"] = str(number)
        return f"?{query.urlencode()}"

    paginator: Paginator[Model] = page.paginator
    numbers = paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {
        "page": page,
        "links": [(number, url(number) if isinstance(number, int) else "") for number in numbers],
        "previous_url": url(page.number - 1) if page.has_previous() else "",
        "next_url": url(page.number + 1) if page.has_next() else "",
    }


@register.inclusion_tag("components/_progress.html")
def progress_bar(done: int, total: int | None, message: str = "", label: str = "") -> Progress:
    """The progress of a job as a bar and in words; a total of 0 or None is not known yet."""
    share = min(done / total, 1.0) if total else 0.0
    return {
        "done": min(done, total) if total else 0,
        "total": total or 0,
        "share": f"{share:.1%}",
        "text": percent(share) if total else "",
        "message": message,
        "label": label or gettext("Progress"),
    }


@register.inclusion_tag("components/_gauge.html")
def gauge(value: float, threshold: float, zone_low: float, zone_high: float) -> dict[str, object]:
    """The probability on a scale with the threshold and the grey zone around it; all four in 0..1."""
    needed = max(value * 1.1, threshold * 2.5)
    end = next((end for end in GAUGE_ENDS if end >= needed), 1.0)
    numbers = {"value": value, "threshold": threshold, "zone_low": zone_low, "zone_high": zone_high}
    words = {**{name: probability(number) for name, number in numbers.items()}, "end": percent(end)}
    label = gettext(
        "Probability of default %(value)s, decision threshold %(threshold)s, grey zone from %(zone_low)s to "
        "%(zone_high)s, on a scale from 0 to %(end)s."
    )
    return {
        "at": {name: _along(number / end) for name, number in numbers.items()},
        "beyond_zone": _along(1 - zone_high / end),
        "anchors": {name: _anchor(number / end) for name, number in numbers.items()},
        "words": words,
        "label": label % words,
    }


def _along(share: float) -> str:
    """A position or length, as SVG writes it, that stays inside the drawing."""
    return f"{min(max(share, 0.0), 1.0):.2%}"


def _anchor(share: float) -> str:
    """The end of a label that touches its mark, so that the label stays inside the drawing."""
    return "start" if share < 0.25 else "end" if share > 0.75 else "middle"


@register.simple_tag(takes_context=True)
def once(context: Context) -> SafeString:
    """The hidden field of a form that ``core.once`` keeps from having its effect twice."""
    token = context["request"].POST.get(FIELD) or new_token()
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, token)


@register.simple_tag
def step_bar(start: float, end: float, limit: float) -> SafeString:
    """A step of a waterfall from ``start`` to ``end`` on a scale from 0 to ``limit``; a total starts at 0.

    Decorative: the page shows the number as text.
    """
    low, high = (100 * max(min(start, end), 0.0) / limit, 100 * max(start, end) / limit) if limit else (0.0, 0.0)
    kind = "total" if start == 0 else "raises" if end > start else "lowers"
    axis = mark_safe('<line class="step__axis" x1="0" x2="100%" y1="50%" y2="50%"/>')
    bar = format_html(
        '<rect class="step__bar--{}" x="{}%" width="{}%" y="0" height="100%"/>',
        kind,
        f"{low:.2f}",
        f"{max(high - low, 0.4):.2f}",
    )
    return format_html('<svg class="step" aria-hidden="true" focusable="false">{}{}</svg>', axis, bar)


@register.simple_tag
def contribution_bar(value: float, limit: float) -> SafeString:
    """A bar to the right for what raises the risk, to the left for what lowers it; the longest is ``limit``.

    Decorative: the number is in the next cell. Written here because a page shows hundreds.
    """
    width = 50 * min(abs(value) / limit, 1.0) if limit else 0.0
    side, start = ("raises", 50) if value > 0 else ("lowers", 50 - width)
    return mark_safe(  # noqa: S308 - only our own numbers and words; escaping them costs a page of reasons several ms
        '<svg class="contribution" aria-hidden="true" focusable="false">'
        f'<rect class="contribution__bar--{side}" x="{start:.2f}%" width="{width:.2f}%" y="15%"'
        ' height="70%"/><line class="contribution__axis" x1="50%" x2="50%" y1="0" y2="100%"/></svg>'
    )
