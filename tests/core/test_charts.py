"""A chart's drawing and its table come from the same values."""

import json

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from pretadepenser.core.charts import Axis, Chart, Marker, Series, Table
from pretadepenser.core.style_guide import SAMPLE_CHARTS


@pytest.fixture(autouse=True)
def _english() -> object:
    with translation.override("en"):
        yield


def _histogram(values: list[float]) -> Chart:
    return Chart(
        id="risk",
        kind="histogram",
        title="Risk",
        conclusion="Most are low.",
        labels=[0.0, 0.1, 0.2],
        series=[Series("Clients", values, "population")],
        x=Axis("Probability", "percent"),
        y=Axis("Clients", "integer"),
        markers=[Marker(0.07, "This client", "client")],
    )


def test_a_histogram_needs_one_edge_more_than_bins() -> None:
    assert _histogram([5, 1]).table.rows == [("0.0% – 10.0%", "5"), ("10.0% – 20.0%", "1")]
    with pytest.raises(ValueError, match="3 values for 2 labels"):
        _histogram([5, 1, 2])


def test_horizontal_bars_read_their_values_on_the_x_axis() -> None:
    chart = Chart(
        id="why",
        kind="diverging",
        title="Why",
        conclusion="Late payments weigh most.",
        labels=["Late payments", "Age"],
        series=[Series("Effect", [0.041, None])],
        x=Axis("Effect", "points"),
        y=Axis("Reason"),
    )
    assert chart.table == Table(
        head=["Reason", "Effect"], rows=[("Late payments", "+4.1 points"), ("Age", "not provided")]
    )


def test_a_scatter_brings_its_own_table() -> None:
    with pytest.raises(ValueError, match="no summary table"):
        Chart(id="xy", kind="scatter", title="", conclusion="", series=[Series("Clients", points=[(1, 2)])])


@pytest.mark.parametrize("chart", SAMPLE_CHARTS, ids=lambda chart: chart.kind)
def test_every_kind_is_drawn_from_json_and_repeated_in_a_table(chart: Chart) -> None:
    markup = render_to_string("components/_chart.html", {"chart": chart})
    assert f'data-chart="{chart.id}"' in markup
    assert f'aria-label="{chart.title}. {chart.conclusion}"' in markup
    spec = json.loads(markup.split('type="application/json">')[1].split("</script>")[0])
    assert spec["kind"] == chart.kind
    assert len(spec["series"]) == len(chart.series)
    assert markup.count("<tr>") == 1 + len(chart.table.rows)


def test_a_label_cannot_close_the_json() -> None:
    chart = Chart(id="x", kind="bar", title="", conclusion="", labels=["</script><b>"], series=[Series("n", [1])])
    assert "<b>" not in render_to_string("components/_chart.html", {"chart": chart})
