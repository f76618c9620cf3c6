"""Frozen dataclasses as plain JSON values and back, for files and database columns."""

import types
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields, is_dataclass
from enum import Enum
from typing import TYPE_CHECKING, TypeVar, Union, cast, get_args, get_origin, get_type_hints

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Record = TypeVar("Record")


def to_json(record: "DataclassInstance") -> dict[str, object]:
    """The record's fields by name, with nested records, tuples and enumerations as JSON has them."""
    return {name: _plain(value) for name, value in asdict(record).items()}


def from_json(kind: type[Record], values: Mapping[str, object]) -> Record:
    """The record of class ``kind`` that ``to_json`` gave; a field that is missing takes its default.

    Raises TypeError or ValueError when the values are not those of such a record.
    """
    return cast(Record, _read(kind, values))


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(_plain(key)): _plain(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(item) for item in value]
    return value


def _read(kind: object, value: object) -> object:
    """The value as ``kind``: a record, tuple, enumeration, optional or plain value."""
    if get_origin(kind) in (Union, types.UnionType):
        if value is None:
            return None
        kind = next(choice for choice in get_args(kind) if choice is not type(None))
    if get_origin(kind) is tuple and isinstance(value, Sequence) and not isinstance(value, str):
        return tuple(_read(get_args(kind)[0], item) for item in value)
    if get_origin(kind) is dict and isinstance(value, Mapping):
        return {_read(get_args(kind)[0], key): _read(get_args(kind)[1], item) for key, item in value.items()}
    if isinstance(kind, type) and is_dataclass(kind) and isinstance(value, Mapping):
        hints = get_type_hints(kind)
        return kind(
            **{item.name: _read(hints[item.name], value[item.name]) for item in fields(kind) if item.name in value}
        )
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(value)
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)  # JSON writers may drop the ".0"
    if not isinstance(kind, type) or not isinstance(value, kind):
        raise TypeError(f"{value!r} is no {kind}")
    return value
