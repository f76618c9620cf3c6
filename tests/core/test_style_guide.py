"""The style guide shows every component, in development only."""

import re
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.http import Http404
from django.test import RequestFactory
from django.test.signals import template_rendered

from pretadepenser.core.style_guide import style_guide

ROOT = Path(__file__).resolve().parents[2]
ELSEWHERE = {"_form_errors.html", "_messages.html", "_user_menu.html"}  # need a refused form, a message, a person


def test_the_style_guide_does_not_exist_outside_development(rf: RequestFactory, settings: LazySettings) -> None:
    settings.DEBUG = False
    with pytest.raises(Http404):
        style_guide(rf.get("/"))


def test_the_style_guide_shows_every_component(rf: RequestFactory, settings: LazySettings) -> None:
    settings.DEBUG = True
    shown = _templates_rendered(rf)
    components = {path.name for path in (ROOT / "templates/components").glob("_*.html")}
    assert components - shown <= ELSEWHERE


def test_a_refused_field_points_at_its_error(rf: RequestFactory, settings: LazySettings) -> None:
    settings.DEBUG = True
    markup = style_guide(rf.get("/")).content.decode()
    field = re.search(r'<input[^>]*name="bad-name"[^>]*>', markup)
    assert field is not None
    assert 'aria-invalid="true"' in field[0]
    described = re.search(r'aria-describedby="([^"]+)"', field[0])
    assert described is not None
    for described_id in described[1].split():
        assert f'id="{described_id}"' in markup


def _templates_rendered(rf: RequestFactory) -> set[str]:
    names: set[str] = set()

    def note(template: object, **_: object) -> None:
        names.add(str(template.name).rsplit("/", 1)[-1])

    template_rendered.connect(note)
    try:
        style_guide(rf.get("/"))
    finally:
        template_rendered.disconnect(note)
    return names
