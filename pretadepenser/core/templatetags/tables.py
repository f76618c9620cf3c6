"""The tag ``table``: a table written as its columns, each with its heading and the cell of one row.

    {% table job in jobs caption=_("Jobs") %}
      {% column _("Job") scope="row" %}<a href="{% url 'core:job_detail' job.pk %}">{{ job }}</a>{% endcolumn %}
      {% column _("Agency") shown=sees_every_agency %}{{ job.agency }}{% endcolumn %}
      {% column _("Amount") class="number" sort="amount" %}{{ job.amount|amount }}{% endcolumn %}
    {% endtable %}

``scope="row"`` marks the column that names the row; ``sort`` is the key of ``?sort=``. Where there is no room for
columns, each row becomes a list whose cells repeat their heading.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from django import template
from django.http import HttpRequest
from django.template.base import FilterExpression, Node, NodeList, Parser, TextNode, Token, token_kwargs
from django.template.context import Context
from django.template.exceptions import TemplateSyntaxError
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import mark_safe

register = template.Library()

SORT_ICONS: Final = {"": "sort", "ascending": "arrow-up", "descending": "arrow-down"}

Options = Mapping[str, FilterExpression]


@dataclass(frozen=True)
class Heading:
    """The head of a column; where rows can be sorted by it, the link that does, and the present direction."""

    label: str
    css_class: str
    url: str = ""
    direction: str = ""

    @property
    def icon(self) -> str:
        return SORT_ICONS[self.direction]


@dataclass(frozen=True)
class Column:
    label: FilterExpression
    options: Options
    cell: NodeList

    def option(self, name: str, context: Context, default: object = "") -> object:
        return self.options[name].resolve(context) if name in self.options else default

    def heading(self, context: Context) -> Heading:
        label, css_class = str(self.label.resolve(context)), str(self.option("class", context))
        key = str(self.option("sort", context))
        if not key:
            return Heading(label, css_class)
        request: HttpRequest = context["request"]
        current = request.GET.get("sort", "")
        query = request.GET.copy()
        query.pop("page", None)
        query["sort"] = f"-{key}" if current == key else key
        direction = {key: "ascending", f"-{key}": "descending"}.get(current, "")
        return Heading(label, css_class, f"?{query.urlencode()}", direction)


@dataclass(frozen=True)
class Cell:
    """The cell of one column, ready to be drawn for each row."""

    element: str
    attributes: str
    label: str
    content: NodeList

    def draw(self, context: Context) -> str:
        content = self.content.render(context)
        label = self.label if content.strip() else ""  # an empty cell needs no heading beside it
        return f"<{self.element}{self.attributes}{label}><div>{content}</div></{self.element}>"


class TableNode(Node):
    def __init__(self, row_name: str, rows: FilterExpression, options: Options, columns: list[Column]) -> None:
        self.row_name, self.rows, self.options, self.columns = row_name, rows, options, columns

    def render(self, context: Context) -> str:
        columns = [column for column in self.columns if column.option("shown", context, default=True)]
        headings = [column.heading(context) for column in columns]
        cells = [_cell(column, heading, context) for column, heading in zip(columns, headings, strict=True)]
        lines = []
        with context.push():
            for row in self.rows.resolve(context):
                context[self.row_name] = row
                lines.append(f"<tr>{''.join(cell.draw(context) for cell in cells)}</tr>")
        values = {name: value.resolve(context) for name, value in self.options.items()}
        body = mark_safe("\n".join(lines))  # noqa: S308 - rendered nodes, escaped where they were drawn
        return render_to_string("components/_table.html", {**values, "headings": headings, "body": body})


@register.tag
def table(parser: Parser, token: Token) -> TableNode:
    """``{% table ROW in ROWS caption=… class=… %}`` with a ``{% column LABEL … %}`` for each column."""
    match token.split_contents():
        case [_, row_name, "in", rows, *options]:
            columns = list(_columns(parser))
            return TableNode(row_name, parser.compile_filter(rows), token_kwargs(options, parser), columns)
    raise TemplateSyntaxError("A table is written {% table ROW in ROWS caption=… %}.")


def _columns(parser: Parser) -> Iterator[Column]:
    while True:
        between = parser.parse(("column", "endtable"))
        if any(not isinstance(node, TextNode) or node.s.strip() for node in between):
            raise TemplateSyntaxError("Only columns may stand inside a table.")
        token = parser.next_token()
        if token.contents == "endtable":
            return
        _, label, *options = token.split_contents()
        kwargs = token_kwargs(options, parser)
        cell = parser.parse(("endcolumn",))
        parser.delete_first_token()
        yield Column(parser.compile_filter(label), kwargs, cell)


def _cell(column: Column, heading: Heading, context: Context) -> Cell:
    css_class = format_html(' class="{}"', heading.css_class) if heading.css_class else ""
    if column.option("scope", context) == "row":
        return Cell("th", f' scope="row"{css_class}', "", column.cell)
    return Cell("td", css_class, format_html(' data-label="{}"', heading.label), column.cell)
