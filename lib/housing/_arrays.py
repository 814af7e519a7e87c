"""What every model does with its arguments: check them, broadcast them, answer in kind."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import wraps
from numbers import Real
from typing import Any, ParamSpec

import numpy as np
import pandas as pd
from numpy.typing import NDArray

P = ParamSpec("P")
Floats = NDArray[np.float64]
#: How far from 1 a sum of shares may be: decimals do not add up to the last bit.
ROUNDING = 1e-9


def elementwise(function: Callable[P, Any]) -> Callable[P, Any]:
    """Let a function of float arrays take scalars and pandas objects too, and answer in kind.

    Scalars give a Python float; a Series or DataFrame among the arguments gives a Series or
    DataFrame with the same labels; anything else gives an array of the broadcast shape. A function
    that returns a named tuple has each of its fields treated so.

    Raises
    ------
    ValueError
        If the shapes of the arguments do not broadcast or pandas labels differ; the message names
        the arguments.

    Notes
    -----
    Powers are `numpy.power` in such a function: for scalars, ``**`` is another routine, which may
    differ from that of arrays in the last digit.
    """
    signature = inspect.signature(function)

    @wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> Any:
        bound = signature.bind(*args, **kwargs)
        labels = _common_labels(bound.arguments)
        for name, value in bound.arguments.items():
            bound.arguments[name] = _bare(name, value)
        shape = _broadcast_shape(bound.arguments)
        result = function(*bound.args, **bound.kwargs)
        if isinstance(result, tuple):
            # Copies: a field may be an argument as it came.
            fields = (np.array(_widened(field, shape)) for field in result)
            return type(result)(*(_in_kind(field, labels) for field in fields))
        return _in_kind(_widened(result, shape), labels)

    return wrapper


def _bare(name: str, value: Any) -> Any:
    """Return an argument without its labels: a scalar as it is, anything else as an array."""
    if np.isscalar(value) or value is None:
        return value
    try:
        if isinstance(value, pd.Series | pd.DataFrame):
            if not _holds_numbers(np.asarray(value)):
                raise _no_number(name, value)
            return value.to_numpy(dtype=float, na_value=np.nan)
        return np.asarray(value)
    except (TypeError, ValueError):
        raise _no_number(name, value) from None


def _holds_numbers(array: NDArray[Any]) -> bool:
    """Tell whether an array's elements are real numbers, and not words that look like some."""
    if array.dtype.kind == "O":
        return all(isinstance(element, Real) or element is pd.NA for element in array.flat)
    return array.dtype.kind in "biuf"


def _no_number(name: str, value: Any) -> ValueError:
    return ValueError(f"{name} must be a number or an array of numbers, got {value!r}")


def _common_labels(arguments: Mapping[str, Any]) -> pd.Series | pd.DataFrame | None:
    """Return the one pandas object whose labels the result gets."""
    first: tuple[str, pd.Series | pd.DataFrame] | None = None
    for name, value in arguments.items():
        if not isinstance(value, pd.Series | pd.DataFrame):
            continue
        if first is None:
            first = name, value
        elif type(value) is not type(first[1]):
            raise ValueError(f"{first[0]} and {name} must both be Series or both be DataFrames")
        elif not all(map(pd.Index.equals, first[1].axes, value.axes)):
            raise ValueError(f"{first[0]} and {name} must have the same labels: align them first")
    return None if first is None else first[1]


def _broadcast_shape(arguments: Mapping[str, Any]) -> tuple[int, ...]:
    shapes = {name: np.shape(value) for name, value in arguments.items()}
    try:
        return np.broadcast_shapes(*shapes.values())
    except ValueError:
        which = ", ".join(f"{name} {shape}" for name, shape in shapes.items() if shape)
        raise ValueError(f"shapes do not match: {which}") from None


def _widened(result: Any, shape: tuple[int, ...]) -> Any:
    """Return a result with the axes of arguments that made no difference to it, too."""
    return result if np.shape(result) == shape else np.array(np.broadcast_to(result, shape))


def _in_kind(result: Any, labels: pd.Series | pd.DataFrame | None) -> Any:
    array = np.asarray(result, dtype=float)
    if labels is None:
        return float(array) if array.ndim == 0 else array
    if array.shape != labels.shape:
        raise ValueError(f"shapes do not match: a result {array.shape} for labels {labels.shape}")
    if isinstance(labels, pd.DataFrame):
        return pd.DataFrame(array, index=labels.index, columns=labels.columns)
    return pd.Series(array, index=labels.index, name=None)


def numbers(
    name: str,
    value: Any,
    *,
    above: float | None = None,
    at_least: float | None = None,
    at_most: float | None = None,
    hint: str = "",
) -> Floats:
    """Return an argument as a float array, or say what is wrong with it.

    Parameters
    ----------
    name : str
        The argument's name, for the message.
    value : array_like
        What the caller gave.
    above, at_least, at_most : float, optional
        The allowed range.
    hint : str, optional
        What the caller may have meant; added to the message.

    Raises
    ------
    ValueError
        If the argument is empty, is no number, is NaN or infinite, or leaves the range. The
        message names the argument, the allowed range and the first offending value.
    """
    given = np.asarray(_bare(name, value))
    if given.size and not _holds_numbers(given):
        raise _no_number(name, value)
    array = given.astype(float, copy=False)
    if array.size == 0:
        raise ValueError(f"{name} is empty: at least one number is needed")
    low = -np.inf if at_least is None else at_least
    high = np.inf if at_most is None else at_most
    # Two passes and no temporaries for the usual, valid case; a NaN makes every comparison false.
    smallest, largest = array.min(), array.max()
    valid = smallest >= low and largest <= high and -np.inf < smallest and largest < np.inf
    if valid and (above is None or smallest > above):
        return array
    inside = np.isfinite(array) & (array >= low) & (array <= high)
    if above is not None:
        inside &= array > above
    first = int(np.argmax(~inside))
    where = f" at position {first}" if array.ndim else ""
    bounds = [f"above {above:g}"] if above is not None else []
    bounds += [f"at least {at_least:g}"] if at_least is not None else []
    bounds += [f"at most {at_most:g}"] if at_most is not None else []
    allowed = " and ".join(bounds) or "a finite number"
    raise ValueError(f"{name} must be {allowed}, got {array.flat[first]:.12g}{where}{hint}")


def number(name: str, value: Any, *, above: float | None = None) -> float:
    """Return an argument that must be one number."""
    if np.ndim(value) != 0:
        raise ValueError(f"{name} must be one number, got {value!r}")
    return float(numbers(name, value, above=above))


def annual_rate(value: Any, name: str = "annual_rate") -> Floats:
    """Return a rate per year as a decimal above -1 and at most 1."""
    return numbers(
        name,
        value,
        above=-1.0,
        at_most=1.0,
        hint=". Rates are decimals per year: for ten per cent give 0.10",
    )


def share(name: str, value: Any, *, positive: bool = False) -> Floats:
    """Return a share as a decimal between 0 and 1; above 0 where it divides."""
    hint = ". Shares are decimals: for ten per cent give 0.10"
    if positive:
        return numbers(name, value, above=0.0, at_most=1.0, hint=hint)
    return numbers(name, value, at_least=0.0, at_most=1.0, hint=hint)


def whole_numbers(name: str, value: Any, *, at_least: float = 0) -> Floats:
    """Return an argument of whole numbers, such as years."""
    given = numbers(name, value)
    wrong = (given != np.rint(given)) | (given < at_least)
    if wrong.any():
        first = int(np.argmax(wrong))
        where = f" at position {first}" if given.ndim else ""
        raise ValueError(
            f"{name} must be a whole number of at least {at_least:g}, "
            f"got {given.flat[first]:.12g}{where}"
        )
    return given


def whole_number(name: str, value: Any, *, at_least: float = 1) -> int:
    """Return one whole number, at least 1 unless told otherwise."""
    return int(whole_numbers(name, number(name, value), at_least=at_least))


def row(name: str, value: Any, *, at_least: float | None = None) -> Floats:
    """Return a row of numbers; one number is a row of one."""
    given = np.atleast_1d(numbers(name, value, at_least=at_least))
    if given.ndim != 1:
        raise ValueError(f"{name} must be a row of numbers, got the shape {given.shape}")
    return given
