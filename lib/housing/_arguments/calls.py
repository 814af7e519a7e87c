"""Calls: what makes a function of arrays take scalars and pandas objects, and stay in floats."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from functools import partial, wraps
from typing import Any, ParamSpec, TypeVar, overload

import numpy as np
import pandas as pd

from housing._arguments.checks import bare
from housing._arguments.shapes import broadcast_shape, common_labels, in_kind

P = ParamSpec("P")
R = TypeVar("R")


class FloatRangeError(ValueError):
    """Arguments, each in its range, that together lead beyond what a float can hold.

    Raised by the innermost function that notices; the outermost one names its own arguments.
    """

    def __init__(self, arguments: Mapping[str, Any]) -> None:
        told = ", ".join(_with_size(name, value) for name, value in arguments.items())
        super().__init__(f"too large, too small or too far apart to reckon with in floats: {told}")


@overload
def elementwise(function: Callable[P, Any], /) -> Callable[P, Any]: ...
@overload
def elementwise(
    *, finite: bool = True, but: str = ""
) -> Callable[[Callable[P, Any]], Callable[P, Any]]: ...
def elementwise(function: Any = None, /, *, finite: bool = True, but: str = "") -> Any:
    """Let a function of float arrays take scalars and pandas objects too, and answer in kind.

    Scalars give a Python float; a Series or DataFrame among the arguments gives a Series or
    DataFrame with the same labels; anything else gives an array of the broadcast shape. A function
    that returns a named tuple has each of its fields treated so.

    Parameters
    ----------
    function : callable
        Of arrays or scalars, as they come.
    finite : bool, optional
        False for a function whose docstring says where it is infinite or NaN.
    but : str, optional
        Name of an argument that is one for all elements, such as a schedule: it comes as it is.

    Raises
    ------
    ValueError
        If the shapes of the arguments do not broadcast, pandas labels differ, or numbers leave
        what a float can hold on the way; the message names the arguments.

    Notes
    -----
    Powers are `power` in such a function: NumPy has other routines for scalars, which may differ
    from that of arrays in the last digit.
    """
    if function is None:
        return partial(elementwise, finite=finite, but=but)
    signature = inspect.signature(function)

    @wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        bound = signature.bind(*args, **kwargs)
        given = {name: value for name, value in bound.arguments.items() if name != but}
        labels = common_labels(given)
        elements = {name: bare(name, value) for name, value in given.items()}
        shape = broadcast_shape(elements, labels)
        bound.arguments.update(elements)
        result = _reckoned(function, bound, finite)
        if isinstance(result, tuple):
            return type(result)(*(in_kind(field, shape, labels) for field in result))
        return in_kind(result, shape, labels)

    return wrapper


@overload
def within_floats(function: Callable[P, R], /) -> Callable[P, R]: ...
@overload
def within_floats(*, finite: bool) -> Callable[[Callable[P, R]], Callable[P, R]]: ...
def within_floats(function: Any = None, /, *, finite: bool = True) -> Any:
    """Refuse a call whose numbers leave what a float can hold, as `elementwise` does.

    For functions that are not elementwise: no infinity and no NaN gets out that the docstring does
    not speak of, no warning, and no wrong number that went through an infinity.

    Parameters
    ----------
    function : callable
        Any.
    finite : bool, optional
        As in `elementwise`.
    """
    if function is None:
        return partial(within_floats, finite=finite)
    signature = inspect.signature(function)

    @wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        return _reckoned(function, signature.bind(*args, **kwargs), finite)

    return wrapper


def _reckoned(function: Callable[..., Any], bound: inspect.BoundArguments, finite: bool) -> Any:
    """Call a function and stop where a float overflows, on the way or in the result."""
    try:
        with np.errstate(divide="raise", over="raise", invalid="raise"):
            result = function(*bound.args, **bound.kwargs)
    except (FloatingPointError, OverflowError, FloatRangeError):
        raise FloatRangeError(bound.arguments) from None
    if finite and not all(np.isfinite(part).all() for part in _floats_in(result)):
        raise FloatRangeError(bound.arguments)
    return result


def _floats_in(result: Any) -> Iterator[Any]:
    """Yield the floats that a result has, however they are held together."""
    if isinstance(result, pd.DataFrame):
        yield from (column.to_numpy() for _, column in result.select_dtypes(float).items())
    elif isinstance(result, tuple):
        for part in result:
            yield from _floats_in(part)
    elif isinstance(result, dict):
        yield from _floats_in(tuple(result.values()))
    elif isinstance(result, float | np.ndarray | pd.Series):
        yield result


def _with_size(name: str, value: Any) -> str:
    """Return an argument's name, with its size where it is a number or several."""
    array = np.asarray(value)
    if array.dtype.kind not in "iuf" or array.size == 0:
        return name
    low, high = array.min(), array.max()
    return f"{name} {low:g}" if low == high else f"{name} from {low:g} to {high:g}"
