"""The tag ``table`` draws a table from its columns."""

import pytest
from django.template import TemplateSyntaxError, engines
from django.test import RequestFactory

COLUMN = '{% column "Age" class="number" sort="age" %}{{ row.age }}{% endcolumn %}'
TABLE = f"""{{% table row in rows caption="People" class="people" %}}
  {{% column "Name" scope="row" %}}{{{{ row.name }}}}{{% endcolumn %}}
  {COLUMN}
  {{% column label shown=is_wide %}}{{{{ row.note }}}}{{% endcolumn %}}
{{% endtable %}}"""
ROWS = [{"name": "<Zoé>", "age": 8, "note": "late"}, {"name": "Léo", "age": 9, "note": " "}]


def test_a_column_is_said_once_and_repeated_in_each_cell() -> None:
    markup = _render(TABLE, is_wide=True)
    assert '<table class="table table--stacks people">' in markup
    assert '<caption class="visually-hidden">People</caption>' in markup
    assert '<th scope="row"><div>&lt;Zoé&gt;</div></th>' in markup
    assert '<td class="number" data-label="Age"><div>8</div></td>' in markup
    assert '<td data-label="A &amp; &quot;b&quot;"><div>late</div></td>' in markup


def test_an_empty_cell_does_not_repeat_its_heading() -> None:
    assert "<td><div> </div></td>" in _render(TABLE, is_wide=True)


def test_a_column_can_be_left_out() -> None:
    markup = _render(TABLE, is_wide=False)
    assert "late" not in markup
    assert markup.count("<th scope=") == 2 + len(ROWS)


def test_the_row_is_known_inside_the_table_only() -> None:
    assert _render("{{ row }}" + TABLE + "{{ row }}", row="outside").count("outside") == 2


@pytest.mark.parametrize(
    ("query", "url", "direction"),
    [
        ("", "?sort=age", ""),
        ("?sort=age&page=3", "?sort=-age", "ascending"),
        ("?sort=-age&q=a%26b", "?sort=age&amp;q=a%26b", "descending"),
        ("?sort=name", "?sort=age", ""),
    ],
)
def test_a_heading_that_sorts_turns_around_and_keeps_the_query(query: str, url: str, direction: str) -> None:
    markup = _render(TABLE, request=RequestFactory().get(f"/clients/{query}"))
    assert f'href="{url}"' in markup
    assert (f'aria-sort="{direction}"' in markup) if direction else ("aria-sort" not in markup)


@pytest.mark.parametrize(
    "source",
    [
        "{% table rows %}{% endtable %}",
        "{% table row in rows %}text{% endtable %}",
        "{% table row in rows %}",
        '{% column "Age" %}{% endcolumn %}',
    ],
)
def test_a_malformed_table_is_refused(source: str) -> None:
    with pytest.raises(TemplateSyntaxError):
        engines["django"].from_string(source)


def _render(source: str, **context: object) -> str:
    context = {"rows": ROWS, "label": 'A & "b"', "request": RequestFactory().get("/"), **context}
    return engines["django"].from_string(source).render(context)
