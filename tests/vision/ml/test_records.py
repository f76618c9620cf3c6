import json
from dataclasses import dataclass, field
from enum import StrEnum

import pytest

from vision.ml.records import from_json, to_json


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True)
class Point:
    x: float
    name: str = "here"


@dataclass(frozen=True)
class Drawing:
    colour: Colour
    points: tuple[Point, ...]
    rows: tuple[tuple[int, ...], ...]
    best: Point | None
    is_done: bool
    names: dict[Colour, tuple[str, ...]] = field(default_factory=dict)


DRAWING = Drawing(
    Colour.RED, (Point(0.5), Point(2.0, "there")), ((1, 2), (3,)), None, True, {Colour.RED: ("rouge", "rot")}
)


def test_a_record_survives_json():
    text = json.dumps(to_json(DRAWING))
    assert from_json(Drawing, json.loads(text)) == DRAWING
    assert json.loads(text)["colour"] == "red"


def test_an_optional_record_survives_json():
    drawing = Drawing(Colour.RED, (), (), Point(1.0), False)
    assert from_json(Drawing, json.loads(json.dumps(to_json(drawing)))) == drawing


def test_whole_numbers_are_read_where_fractions_are_meant():
    point = from_json(Point, {"x": 3})
    assert point == Point(3.0)
    assert isinstance(point.x, float)


@pytest.mark.parametrize("values", [{"x": "3"}, {"x": None}, {"x": 1.0, "name": 5}, {"x": 1.0, "name": ["here"]}, {}])
def test_values_of_another_type_are_refused_by_name(values):
    with pytest.raises(ValueError, match=r"for Point\n(x|name)\n"):
        from_json(Point, values)


def test_a_text_is_not_taken_for_a_tuple_of_letters():
    with pytest.raises(ValueError, match=r"names\.red\n  Input should be a valid array"):
        from_json(Drawing, to_json(DRAWING) | {"names": {"red": "rouge"}})


def test_an_unknown_value_of_an_enumeration_is_refused():
    with pytest.raises(ValueError, match=r"colour\n  Input should be 'red'"):
        from_json(Drawing, to_json(DRAWING) | {"colour": "blue"})
