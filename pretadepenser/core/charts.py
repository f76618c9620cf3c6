"""Charts as data: the drawing (static/js/charts.js) and its table are both made from a ``Chart``."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from typing import Literal

from pretadepenser.core.formats import amount, decimal, percent, points, signed

Kind = Literal["bar", "ranking", "diverging", "histogram", "line", "scatter"]
Tone = Literal["series", "population", "client", "lowers", "raises"]
ValueFormat = Literal["percent", "points", "integer", "decimal", "signed"]

WRITERS = {
    "percent": lambda value: percent(value, 1),
    "points": points,
    "integer": amount,
    "decimal": decimal,
    "signed": signed,
}


@dataclass(frozen=True)
class Axis:
    """The title of an axis, with its unit, and how its values are written."""

    title: str = ""
    format: ValueFormat = "decimal"

    def write(self, value: float | None) -> str:
        return WRITERS[self.format](value)


@dataclass(frozen=True)
class Series:
    """One value for each label, None leaving a gap; a scatter has ``points`` (x, y) instead."""

    label: str
    values: Sequence[float | None] = ()
    tone: Tone = "series"
    points: Sequence[tuple[float, float]] = ()


@dataclass(frozen=True)
class Marker:
    """A vertical line: the client's value, or the threshold."""

    at: float
    label: str
    tone: Literal["client", "threshold"]


@dataclass(frozen=True)
class Table:
    """A chart in words, already formatted in the reader's language."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Chart:
    """A chart of one page. ``id`` is unique in the page; ``conclusion`` states its message in a sentence.

    ``labels`` are words, or the x values of a line, or the n + 1 edges of a histogram's n bins. A ranking and a
    diverging chart have horizontal bars: their values are on the x axis. A scatter brings its own ``summary`` table.
    """

    id: str
    kind: Kind
    title: str
    conclusion: str
    series: Sequence[Series]
    labels: Sequence[str] | Sequence[float] = ()
    x: Axis = field(default_factory=Axis)
    y: Axis = field(default_factory=Axis)
    markers: Sequence[Marker] = ()
    summary: Table | None = None

    def __post_init__(self) -> None:
        if self.kind == "scatter":
            if self.summary is None:
                raise ValueError(f"The scatter {self.id} has no summary table.")
            return
        expected = len(self.labels) - (self.kind == "histogram")
        for series in self.series:
            if len(series.values) != expected:
                raise ValueError(
                    f"Chart {self.id}: {series.label} has {len(series.values)} values for {expected} labels."
                )

    @property
    def spec(self) -> dict[str, object]:
        """The input of the script, for ``json_script``."""
        keys = ("kind", "labels", "series", "x", "y", "markers")
        return {key: value for key, value in asdict(self).items() if key in keys}

    @property
    def table(self) -> Table:
        """The same data in words."""
        if self.summary is not None:
            return self.summary
        is_horizontal = self.kind in ("ranking", "diverging")
        labels_axis, values_axis = (self.y, self.x) if is_horizontal else (self.x, self.y)
        head = [labels_axis.title, *(series.label for series in self.series)]
        columns = [[values_axis.write(value) for value in series.values] for series in self.series]
        return Table(head=head, rows=list(zip(self._row_labels(labels_axis), *columns, strict=True)))

    def _row_labels(self, axis: Axis) -> list[str]:
        words = [label if isinstance(label, str) else axis.write(label) for label in self.labels]
        if self.kind == "histogram":
            return [f"{low} – {high}" for low, high in pairwise(words)]
        return words
