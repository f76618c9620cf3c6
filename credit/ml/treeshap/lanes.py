"""A numba type for several clients side by side: float64 lanes of one or more SIMD registers.

LLVM's own vectoriser has to prove, for each inner loop, that rows of one scratch array do not overlap, and gives up or
checks at run time; explicit vectors need no proof. LLVM maps them to the registers that the processor has.
"""

# mypy: ignore-errors
# numba types this file when it compiles it; Python types cannot describe code that generates code.

import operator
from collections.abc import Callable
from typing import Any, Final

from llvmlite import ir
from numba import types
from numba.core.datamodel import models
from numba.extending import intrinsic, overload, register_model

#: Clients computed together: the scratch space of a tree with 31 leaves then fits the first-level cache.
WIDTH: Final = 16

_VECTOR: Final = ir.VectorType(ir.DoubleType(), WIDTH)
#: Reassociation and fused multiply-add are allowed; "nnan" is not, since a blank is NaN and must compare as NaN.
_FLAGS: Final = ("reassoc", "contract", "nsz", "arcp")


class LanesType(types.Type):
    """``WIDTH`` float64 lanes."""

    def __init__(self) -> None:
        super().__init__(name=f"Lanes{WIDTH}")


LANES: Final = LanesType()


@register_model(LanesType)
class LanesModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: LanesType) -> None:
        super().__init__(manager, kind, _VECTOR)


def _splat(builder: ir.IRBuilder, scalar: ir.Value) -> ir.Value:
    first = builder.insert_element(ir.Constant(_VECTOR, ir.Undefined), scalar, ir.IntType(32)(0))
    zeros = ir.Constant(ir.VectorType(ir.IntType(32), WIDTH), None)
    return builder.shuffle_vector(first, ir.Constant(_VECTOR, ir.Undefined), zeros)


def _pointer(context: Any, builder: ir.IRBuilder, kind: types.Array, array: ir.Value, row: ir.Value) -> ir.Value:
    data = context.make_array(kind)(context, builder, array).data
    start = builder.mul(row, ir.Constant(row.type, WIDTH))
    return builder.bitcast(builder.gep(data, [start]), _VECTOR.as_pointer())


@intrinsic
def load(typing_context, array, row):
    """Loads the lanes at ``row`` of a flat array of rows of lanes."""

    def generate(context, builder, signature, arguments):
        return builder.load(_pointer(context, builder, signature.args[0], *arguments), align=8)

    return LANES(array, types.intp), generate


@intrinsic
def store(typing_context, array, row, lanes):
    """Stores ``lanes`` at ``row`` of a flat array of rows of lanes."""

    def generate(context, builder, signature, arguments):
        array_value, row_value, lanes_value = arguments
        builder.store(lanes_value, _pointer(context, builder, signature.args[0], array_value, row_value), align=8)
        return context.get_dummy_value()

    return types.void(array, types.intp, LANES), generate


@intrinsic
def splat(typing_context, scalar):
    """``scalar`` in every lane."""

    def generate(context, builder, signature, arguments):
        return _splat(builder, arguments[0])

    return LANES(types.float64), generate


def _compare(make: Callable[[ir.IRBuilder, ir.Value, ir.Value], ir.Value]) -> Any:
    @intrinsic
    def compare(typing_context, lanes, scalar):
        def generate(context, builder, signature, arguments):
            mask = make(builder, arguments[0], _splat(builder, arguments[1]))
            one = _splat(builder, ir.DoubleType()(1.0))
            return builder.select(mask, one, ir.Constant(_VECTOR, None))

        return LANES(LANES, types.float64), generate

    return compare


#: 1 where a lane is at most the number, else 0; a NaN gives 0.
at_most: Final = _compare(lambda builder, a, b: builder.fcmp_ordered("<=", a, b))
#: 1 where a lane is at most the number, else 0; a NaN gives 1.
at_most_or_nan: Final = _compare(lambda builder, a, b: builder.fcmp_unordered("<=", a, b))
#: 1 where a lane equals the number, else 0; a NaN gives 1.
equal_or_nan: Final = _compare(lambda builder, a, b: builder.fcmp_unordered("==", a, b))


def _arithmetic(name: str) -> Any:
    @intrinsic
    def operation(typing_context, left, right):
        def generate(context, builder, signature, arguments):
            return getattr(builder, name)(*arguments, flags=_FLAGS)

        return LANES(LANES, LANES), generate

    return operation


_ADD: Final = _arithmetic("fadd")
_SUBTRACT: Final = _arithmetic("fsub")
_MULTIPLY: Final = _arithmetic("fmul")


def _overload(symbol: Callable[..., object], operation: Any) -> None:
    @overload(symbol)
    def choose(left, right):
        if left is LANES and right is LANES:
            return lambda left, right: operation(left, right)  # noqa: PLW0108 - numba needs a function
        if left is LANES and right is types.float64:
            return lambda left, right: operation(left, splat(right))
        if left is types.float64 and right is LANES:
            return lambda left, right: operation(splat(left), right)
        return None


_overload(operator.add, _ADD)
_overload(operator.sub, _SUBTRACT)
_overload(operator.mul, _MULTIPLY)
