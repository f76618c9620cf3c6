"""The components' tags draw what they are given, in valid and accessible markup."""

import re
from functools import partial
from pathlib import Path

import pytest
from django.core.paginator import Paginator
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from pretadepenser.core.templatetags import components

ROOT = Path(__file__).resolve().parents[2]
SYMBOLS = set(re.findall(r'<symbol id="([\w-]+)"', (ROOT / "static/img/icons.svg").read_text(encoding="utf-8")))


@pytest.fixture(autouse=True)
def _english() -> object:
    with translation.override("en"):
        yield


@pytest.mark.parametrize("advice", components.ADVICE_WORDS)
def test_advice_has_a_word_and_a_shape(advice: str) -> None:
    markup = _render("{% advice_badge advice 'large' %}", advice=advice)
    assert str(components.ADVICE_WORDS[advice]) in markup
    assert f"#{advice}" in markup
    assert "badge--large" in markup


@pytest.mark.parametrize(
    ("status", "word"),
    [
        ("queued", "En attente"),
        ("running", "En cours"),
        ("succeeded", "Terminé"),
        ("failed", "Échoué"),
        ("cancelled", "Annulé"),
    ],
)
def test_a_status_badge_has_its_word_and_icon(status: str, word: str) -> None:
    with translation.override("fr"):
        markup = _render("{% status_badge status %}", status=status)
    assert word in markup
    assert f"#{components.JOB_ICONS[status]}" in markup


def test_every_icon_that_a_template_names_exists() -> None:
    named = set(components.JOB_ICONS.values()) | set(components.ADVICE_WORDS)
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        named |= set(re.findall(r'{% icon "([\w-]+)"', text)) | set(re.findall(r'icon_name="([\w-]+)"', text))
    assert named <= SYMBOLS


def test_a_page_header_shows_only_what_it_is_given() -> None:
    markup = _render('{% page_header "Jobs" %}\n{% endpage_header %}')
    assert "<h1>Jobs</h1>" in markup
    assert not re.search("badge|breadcrumb|intro|actions", markup)
    options = 'intro="All" badges=badges parent="Up" parent_url="/up/"'
    source = f'{{% page_header title {options} %}}<a href="/b/">B</a>{{% endpage_header %}}'
    markup = _render(source, title="A & b", badges=["one", ""])
    assert '<h1>A &amp; b <span class="badge">one</span></h1>' in markup
    assert re.search(r'<nav class="breadcrumb"[^>]*><a href="/up/">.*Up</a></nav>', markup)
    assert '<div class="page-header__actions"><a href="/b/">B</a></div>' in markup


def test_pagination_links_the_neighbours_and_keeps_the_query() -> None:
    request = RequestFactory().get("/clients/?q=martin&page=7")
    markup = _render("{% pagination page %}", request=request, page=Paginator(range(1000), 20).page(7))
    assert "121 to 140 of 1,000" in markup
    assert 'href="?q=martin&amp;page=6" rel="prev"' in markup
    assert 'href="?q=martin&amp;page=8" rel="next"' in markup
    assert 'href="?q=martin&amp;page=50"' in markup
    assert markup.count('aria-current="page"') == 1


def test_pagination_says_when_it_stopped_counting() -> None:
    paginator = Paginator(range(100), 20)
    paginator.is_capped = True
    markup = _render("{% pagination page %}", request=RequestFactory().get("/"), page=paginator.page(1))
    assert "1 to 20 of more than 100" in markup


def test_a_list_that_is_not_counted_has_neighbours_only() -> None:
    render = partial(render_to_string, "components/_pagination.html")
    assert 'href="?after=9" rel="next">Older' in render({"next_url": "?after=9", "next": "Older"})
    assert render({"previous_url": "", "next_url": ""}).strip() == ""


def test_pagination_of_one_page_has_no_links() -> None:
    markup = _render("{% pagination page %}", request=RequestFactory().get("/"), page=Paginator(range(3), 20).page(1))
    assert "<a " not in markup
    assert "1 to 3 of 3" in markup


def test_progress_says_how_far_in_numbers_and_words() -> None:
    markup = _render('{% progress_bar 1500 6000 "Scoring" %}')
    assert 'aria-valuenow="1500"' in markup
    assert 'aria-valuemax="6000"' in markup
    assert 'aria-valuetext="25%"' in markup
    assert 'width="25.0%"' in markup


@pytest.mark.parametrize("total", [0, None])
def test_progress_without_a_total_claims_nothing(total: int | None) -> None:
    assert "aria-valuenow" not in _render("{% progress_bar 0 total %}", total=total)


def test_progress_never_passes_the_end() -> None:
    assert 'width="100.0%"' in _render("{% progress_bar 7 5 %}")


def test_the_gauge_says_everything_in_its_label() -> None:
    markup = _render("{% gauge 0.083 0.0909 0.076 0.106 %}")
    assert "Probability of default 8.3%, decision threshold 9.1%, grey zone from 7.6% to 10.6%" in markup
    assert "on a scale from 0 to 30%" in markup


@pytest.mark.parametrize("value", [0.0, 0.02, 0.0909, 0.3, 0.95, 1.0])
def test_the_gauge_keeps_every_position_inside(value: float) -> None:
    markup = _render("{% gauge value 0.0909 0.076 0.106 %}", value=value)
    positions = [float(number) for number in re.findall(r'(?:x|x1|x2|width)="([\d.]+)%"', markup)]
    assert len(positions) >= 8
    assert all(0 <= position <= 100 for position in positions)


def test_the_gauge_lengthens_its_scale_for_a_high_probability() -> None:
    low, high = (components.gauge(value, 0.0909, 0.08, 0.1) for value in (0.05, 0.6))
    assert (low["words"]["end"], high["words"]["end"]) == ("30%", "75%")
    assert high["at"]["value"] == "80.00%"


def test_a_contribution_goes_right_when_it_raises_the_risk_and_left_when_it_lowers_it() -> None:
    assert 'bar--raises" x="50.00%" width="25.00%"' in components.contribution_bar(0.3, 0.6)
    assert 'bar--lowers" x="0.00%" width="50.00%"' in components.contribution_bar(-0.6, 0.6)
    assert 'x="50.00%" width="0.00%"' in components.contribution_bar(0.0, 0.0)


def test_a_fact_says_when_it_is_blank() -> None:
    assert 'class="blank">not provided' in render_to_string("components/_fact.html", {"label": "Job", "value": None})
    assert 'class="blank"' not in render_to_string("components/_fact.html", {"label": "Children", "value": 0})


def test_no_component_writes_style_or_script_inline() -> None:
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r'\sstyle="|<style|\son\w+="', text), path
        assert not re.search(r"<script(?![^>]*\ssrc=)", text), path


def test_every_component_starts_with_its_parameters() -> None:
    for path in (ROOT / "templates/components").glob("_*.html"):
        assert path.read_text(encoding="utf-8").startswith("{# "), path


def _render(source: str, **context: object) -> str:
    return engines["django"].from_string(source).render(context, context.pop("request", None))


def test_a_step_starts_where_the_one_before_it_ended() -> None:
    assert 'bar--total" x="0.00%" width="50.00%"' in components.step_bar(0, 0.05, 0.1)
    assert 'bar--raises" x="50.00%" width="30.00%"' in components.step_bar(0.05, 0.08, 0.1)
    assert 'bar--lowers" x="20.00%" width="60.00%"' in components.step_bar(0.08, 0.02, 0.1)
    assert 'width="0.40%"' in components.step_bar(0.05, 0.05, 0.1)  # still seen
    assert "nan" not in components.step_bar(0.0, 0.0, 0.0)
