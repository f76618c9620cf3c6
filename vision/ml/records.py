"""Frozen dataclasses as plain JSON values and back, for files and database columns."""

import types
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import asdict, fields, is_dataclass
from enum import Enum
from functools import cache, partial
from typing import TYPE_CHECKING, TypeAlias, TypeVar, Union, cast, get_args, get_origin, get_type_hints

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Record = TypeVar("Record")
#: Makes one value out of what JSON has for it.
Reader: TypeAlias = Callable[[object], object]


def to_json(record: "DataclassInstance") -> dict[str, object]:
    """The record's fields by name, with nested records, tuples and enumerations as JSON has them."""
    return {name: _plain(value) for name, value in asdict(record).items()}


def from_json(kind: type[Record], values: Mapping[str, object]) -> Record:
    """The record of class ``kind`` that ``to_json`` gave; a field that is missing takes its default.

    Raises TypeError or ValueError when the values are not those of such a record.
    """
    return cast(Record, _reader(cast(Hashable, kind))(values))


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(_plain(key)): _plain(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(item) for item in value]
    return value


@cache
def _reader(kind: Hashable) -> Reader:
    """What reads a record, tuple, mapping, enumeration, optional or plain value.

    Made once for each type: looking types up takes longer than reading the thousands of figures of a run.
    """
    arguments = get_args(kind)
    if get_origin(kind) in (Union, types.UnionType):
        chosen = _reader(next(choice for choice in arguments if choice is not type(None)))
        return lambda value: None if value is None else chosen(value)
    if get_origin(kind) is tuple:
        return partial(_read_tuple, kind, _reader(arguments[0]))
    if get_origin(kind) is dict:
        return partial(_read_dict, kind, _reader(arguments[0]), _reader(arguments[1]))
    if isinstance(kind, type) and is_dataclass(kind):
        hints = get_type_hints(kind)
        return partial(_read_record, kind, {item.name: _reader(hints[item.name]) for item in fields(kind)})
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind
    return partial(_read_plain, kind)


def _read_tuple(kind: object, each: Reader, value: object) -> object:
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise TypeError(f"{value!r} is no {kind}")
    return tuple(map(each, value))


def _read_dict(kind: object, key: Reader, each: Reader, value: object) -> object:
    if not isinstance(value, Mapping):
        raise TypeError(f"{value!r} is no {kind}")
    return {key(name): each(item) for name, item in value.items()}


def _read_record(kind: type, readers: Mapping[str, Reader], value: object) -> object:
    if not isinstance(value, Mapping):
        raise TypeError(f"{value!r} is no {kind}")
    return kind(**{name: read(value[name]) for name, read in readers.items() if name in value})


def _read_plain(kind: object, value: object) -> object:
    if type(value) is kind:
        return value
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)  # JSON writers may drop the ".0"
    if not isinstance(kind, type) or not isinstance(value, kind):
        raise TypeError(f"{value!r} is no {kind}")
    return value
