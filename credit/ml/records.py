"""Frozen dataclasses from the JSON that they were stored as, or that somebody else wrote."""

import json
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, TypeVar

if TYPE_CHECKING:
    from pydantic import TypeAdapter

Record = TypeVar("Record")


class InvalidRecord(ValueError):  # noqa: N818 - the name says what happened
    """JSON that does not have the form of a record; ``field`` is the path of the first fault, "limits[0]"."""

    def __init__(self, field: str, detail: str) -> None:
        super().__init__(f"{field}: {detail}")
        self.field = field


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
