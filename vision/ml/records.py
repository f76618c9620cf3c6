"""Dataclasses as JSON values and back, for files and database columns."""

from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

import orjson
from pydantic import TypeAdapter

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Record = TypeVar("Record")


def to_json(record: "DataclassInstance") -> dict[str, object]:
    """The record's fields by name, with nested records, tuples and enumerations as JSON values."""
    values: dict[str, object] = _adapter(type(record)).dump_python(record, mode="json")
    return values


def from_json(kind: type[Record], values: object) -> Record:
    """The ``kind`` whose JSON values these are, without coercion.

    Missing fields take their defaults and unknown ones are ignored. Raises ``pydantic.ValidationError``, a
    ``ValueError`` that names every field whose value has the wrong type.
    """
    adapter = _adapter(kind)  # type: ignore[arg-type]  # a class is hashable
    record: Record = adapter.validate_json(orjson.dumps(values), strict=True)
    return record


@cache
def _adapter(kind: type) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
