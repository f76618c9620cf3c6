"""Frozen dataclasses from the JSON that they were stored as, or that somebody else wrote."""

import json
import math
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, TypeVar

if TYPE_CHECKING:
    from pydantic import TypeAdapter

Record = TypeVar("Record")

#: JSON from outside is refused beyond this many bytes: our largest card has 100,000.
LARGEST_JSON: Final = 10_000_000
_LARGEST_NUMBER: Final = 2**63
_UNSTORABLE: Final = frozenset(map(chr, (0, *range(0xD800, 0xE000))))


class InvalidRecord(ValueError):  # noqa: N818 - the name says what happened
    """JSON that does not have the form of a record; ``field`` is the path of the first fault, "limits[0]"."""

    def __init__(self, field: str, detail: str) -> None:
        super().__init__(f"{field}: {detail}")
        self.field = field
        self.detail = detail


def read_json(content: bytes) -> object:
    """The value of JSON from outside; raises InvalidRecord for all that PostgreSQL or another reader takes otherwise.

    That is: a name that occurs twice in an object, NaN, whole numbers beyond 64 bits, NUL and half characters.
    ``detail`` is one of too_large, not_json, too_deep, duplicate_name, number, text.
    """
    if len(content) > LARGEST_JSON:
        raise InvalidRecord("", "too_large")
    try:
        text = content.decode("utf-8-sig")
        value = json.loads(text, object_pairs_hook=_object, parse_int=_whole)
    except RecursionError as error:
        raise InvalidRecord("", "too_deep") from error
    except InvalidRecord:
        raise
    except ValueError as error:
        raise InvalidRecord("", "not_json") from error
    _check_values(value)
    return value


def from_json(kind: type[Record], value: object, *, extra: Literal["forbid", "ignore"] = "forbid") -> Record:
    """The ``kind`` that a JSON value stands for, without coercion; missing fields take their defaults.

    Raises InvalidRecord; ``extra`` says whether a field that ``kind`` does not have is a fault.
    """
    from pydantic import ValidationError  # a tenth of a second that the start of a process does without

    try:
        adapter = _adapter(kind)  # type: ignore[arg-type]  # a class is hashable
        record: Record = adapter.validate_json(json.dumps(value), strict=True, extra=extra)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in first["loc"])
        raise InvalidRecord(field.removeprefix("."), first["msg"]) from error
    return record


@cache
def _adapter(kind: type) -> "TypeAdapter[Any]":
    from pydantic import TypeAdapter  # as above

    return TypeAdapter(kind)


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    values = dict(pairs)
    if len(values) != len(pairs):
        (name, _times), *_ = Counter(name for name, _ in pairs).most_common(1)
        raise InvalidRecord(name, "duplicate_name")
    return values


def _whole(digits: str) -> float:
    return int(digits) if len(digits) <= len(str(-_LARGEST_NUMBER)) else math.inf  # Python reads 4,300 digits at most


#: Where a value stands: the place of what holds it, and its name or number there.
_Place: TypeAlias = tuple["_Place", str] | None


def _check_values(value: object) -> None:
    """Refuses what cannot be stored or shown, NUL and half of a character of two UTF-16 units among it."""
    waiting: list[tuple[_Place, object]] = [(None, value)]
    while waiting:
        place, part = waiting.pop()
        if isinstance(part, dict):
            for name, inner in part.items():
                waiting += [((place, f".{name}"), name), ((place, f".{name}"), inner)]
        elif isinstance(part, list):
            waiting += [((place, f"[{number}]"), inner) for number, inner in enumerate(part)]
        elif isinstance(part, str) and not _UNSTORABLE.isdisjoint(part):
            raise InvalidRecord(_path(place), "text")
        elif (isinstance(part, int) and abs(part) >= _LARGEST_NUMBER) or (
            isinstance(part, float) and not math.isfinite(part)
        ):
            raise InvalidRecord(_path(place), "number")


def _path(place: _Place) -> str:
    parts: list[str] = []
    while place is not None:
        place, part = place
        parts.append(part)
    path = "".join(reversed(parts)).removeprefix(".")
    return path.encode("ascii", "backslashreplace").decode().replace("\x00", "\\x00")
