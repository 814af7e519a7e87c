"""What every model does with its arguments: check them, broadcast them, answer in kind."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from functools import partial, wraps
from itertools import combinations, pairwise
from numbers import Real
from typing import Any, NoReturn, ParamSpec, TypeVar, overload

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from housing._limits import ROUNDING, to_whole

P = ParamSpec("P")
R = TypeVar("R")
Floats = NDArray[np.float64]
#: Numbers that a call may make of an argument that counts: 0.4 GB, a few seconds.
MOST_NUMBERS = 50_000_000


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
def elementwise(*, finite: bool) -> Callable[[Callable[P, Any]], Callable[P, Any]]: ...
def elementwise(function: Any = None, /, *, finite: bool = True) -> Any:
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
        return partial(elementwise, finite=finite)
    signature = inspect.signature(function)

    @wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        bound = signature.bind(*args, **kwargs)
        labels = _common_labels(bound.arguments)
        for name, value in bound.arguments.items():
            bound.arguments[name] = bare(name, value)
        shape = _broadcast_shape(bound.arguments, labels)
        result = _reckoned(function, bound, finite)
        if isinstance(result, tuple):
            return type(result)(*(_in_kind(field, shape, labels) for field in result))
        return _in_kind(result, shape, labels)

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


def bare(name: str, value: Any) -> Any:
    """Return an argument without its labels: a scalar as it is, anything else as an array."""
    if np.isscalar(value) or value is None:
        return value
    refuse_masked(name, value)
    if isinstance(value, list | tuple) and _holds(value, _is_boolean):
        # Beside a number it would become one.
        raise _no_number(name, value)
    try:
        array = np.asarray(value)
        if isinstance(value, pd.Series | pd.DataFrame) and _holds_numbers(array):
            return value.to_numpy(dtype=float, na_value=np.nan)
        return array
    except OverflowError:
        return np.asarray(value, dtype=object)
    except (TypeError, ValueError):
        raise _no_number(name, value) from None


def refuse_masked(name: str, value: Any) -> None:
    """Refuse masked entries: what stands under a mask is nothing that the caller gave."""
    try:
        masked = _holds(value, _is_masked)
    except RecursionError:
        raise ValueError(f"{name} must not hold itself, got {value!r}") from None
    if masked:
        raise ValueError(f"{name} must have no masked entries, got {value!r}")


def _holds(value: Any, odd: Callable[[Any], bool]) -> bool:
    """Tell whether a value, or a part of a list, is of an odd kind."""
    if isinstance(value, list | tuple):
        return any(_holds(part, odd) for part in value)
    return odd(value)


def _is_masked(value: Any) -> bool:
    return isinstance(value, np.ma.MaskedArray) and bool(np.ma.is_masked(value))


def _is_boolean(value: Any) -> bool:
    return isinstance(value, bool | np.bool_)


def _holds_numbers(array: NDArray[Any]) -> bool:
    """Tell whether an array's elements are real numbers, and not words that look like some."""
    if array.dtype.kind == "O":
        return all(
            not _is_boolean(element) and (isinstance(element, Real | Decimal) or element is pd.NA)
            for element in array.flat
        )
    return array.dtype.kind in "iuf"


def _no_number(name: str, value: Any) -> ValueError:
    return ValueError(f"{name} must be a number or an array of numbers, got {value!r}")


def _as_floats(name: str, given: NDArray[Any]) -> Floats:
    """Return numbers of any kind as floats, or say which of them no float can hold."""
    try:
        with np.errstate(over="ignore"):  # a wider float becomes infinite, which is refused later
            # In C order: NumPy's kernels for numbers that stand backwards may differ from the
            # others in the last bit.
            return given.astype(float, order="C", copy=False)
    except (OverflowError, TypeError, ValueError):
        for place, element in enumerate(given.flat):
            try:
                float(element)
            except OverflowError:
                # Its digits may be hundreds: only its size is told.
                size = f"{Decimal(int(element)):.3e}"
                where = _position(given.shape, place)
                raise ValueError(f"{name} must be finite as a float, got {size}{where}") from None
            except (TypeError, ValueError):
                break
        raise _no_number(name, given.tolist()) from None


def same_labels(**arguments: Any) -> None:
    """Refuse pandas arguments that stand in another order, where numbers meet by their place.

    Parameters
    ----------
    **arguments : object
        The arguments by name, all the same rows. Those that have no labels fit any.

    Raises
    ------
    ValueError
        If a Series and a Series, or a Series and a DataFrame's rows, have other labels.
    """
    labelled = {
        name: value.index
        for name, value in arguments.items()
        if isinstance(value, pd.Series | pd.DataFrame)
    }
    for (first, labels), (name, others) in pairwise(labelled.items()):
        if not labels.equals(others):
            raise ValueError(f"{first} and {name} must have the same labels: align them first")


def same_last_axis(**arguments: Any) -> pd.Index | None:
    """Refuse pandas arguments that stand in another order along the last axis, or before it.

    For sums along the last axis: the columns of a DataFrame meet the entries of a Series.

    Parameters
    ----------
    **arguments : object
        The arguments by name. Those that have no labels fit any.

    Returns
    -------
    Index or None
        The labels of a DataFrame's rows: what is left of the labels when the last axis is summed.

    Raises
    ------
    ValueError
        If axes that meet have other labels.
    """
    labelled = [
        (name, value)
        for name, value in arguments.items()
        if isinstance(value, pd.Series | pd.DataFrame)
    ]
    for (first, value), (name, other) in combinations(labelled, 2):
        axes = zip(reversed(value.axes), reversed(other.axes), strict=False)
        if not all(labels.equals(others) for labels, others in axes):
            raise ValueError(f"{first} and {name} must have the same labels: align them first")
    return next((value.index for _, value in labelled if isinstance(value, pd.DataFrame)), None)


def with_rows(result: Any, rows: pd.Index | None) -> Any:
    """Return sums as a float, as an array, or with the labels of the rows that they are of."""
    if rows is not None:
        return pd.Series(result, index=rows)
    return float(result) if np.ndim(result) == 0 else result


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


def _broadcast_shape(
    arguments: Mapping[str, Any], labels: pd.Series | pd.DataFrame | None = None
) -> tuple[int, ...]:
    """Return the one shape that arguments have together, which any labels must fit."""
    shapes = {name: np.shape(value) for name, value in arguments.items()}
    which = ", ".join(f"{name} {shape}" for name, shape in shapes.items() if shape)
    try:
        shape = np.broadcast_shapes(*shapes.values())
    except ValueError:
        raise ValueError(f"shapes do not match: {which}") from None
    if labels is not None and shape != labels.shape:
        raise ValueError(
            f"shapes do not match: a result {shape} for labels {labels.shape}, of {which}"
        )
    return shape


def broadcast(**arguments: Floats) -> tuple[Floats, ...]:
    """Return arrays of one shape, or say which arguments have shapes that do not fit."""
    shape = _broadcast_shape(arguments)
    return tuple(np.broadcast_to(value, shape) for value in arguments.values())


def power(base: ArrayLike, exponent: ArrayLike) -> Floats:
    """Return powers, to the last bit the same for scalars as for the same numbers in arrays.

    NumPy squares and takes roots by routines of their own where one exponent is for all.
    """
    first, second = np.broadcast_arrays(base, exponent)
    result: Floats = np.power(first.ravel(), second.ravel(), dtype=float)
    return result.reshape(first.shape)


def _in_kind(result: Any, shape: tuple[int, ...], labels: pd.Series | pd.DataFrame | None) -> Any:
    """Return a result with the axes of arguments that made no difference to it, and their labels.

    It is a copy, for it may be an argument as it came, and no zero in it has a sign.
    """
    array = np.broadcast_to(np.asarray(result, dtype=float), shape) + 0.0
    if labels is None:
        return float(array) if array.ndim == 0 else array
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

    Returns
    -------
    ndarray of float
        What lies beyond an end of the range by no more than noise (`ROUNDING` of the range) is
        taken for that end: a computed ``0.33 + 0.56 + 0.11`` is 1.

    Raises
    ------
    ValueError
        If the argument is empty, is no number, has masked entries, is NaN or infinite, or leaves
        the range. The message names the argument, the allowed range and the first offending value.
    """
    given = np.asarray(bare(name, value))
    if given.size and not _holds_numbers(given):
        raise _no_number(name, value)
    array = _as_floats(name, given)
    if array.size == 0:
        raise ValueError(f"{name} is empty: at least one number is needed")
    low = -np.inf if at_least is None else at_least
    high = np.inf if at_most is None else at_most
    # Two passes and no temporaries for the usual, valid case; a NaN makes every comparison false.
    smallest, largest = array.min(), array.max()
    valid = smallest >= low and largest <= high and -np.inf < smallest and largest < np.inf
    if valid and (above is None or smallest > above):
        return array
    require(name, array, np.isfinite(array), "finite")
    noise = ROUNDING * max((abs(end) for end in (low, high) if np.isfinite(end)), default=0.0)
    inside = (array >= low - noise) & (array <= high + noise)
    if above is not None:
        inside &= array > above
    bounds = [f"above {above:g}"] if above is not None else []
    bounds += [f"at least {at_least:g}"] if at_least is not None else []
    bounds += [f"at most {at_most:g}"] if at_most is not None else []
    require(name, array, inside, " and ".join(bounds), hint)
    return np.clip(array, low, high)


def require(
    name: str, values: NDArray[Any], fine: NDArray[np.bool_], allowed: str, hint: str = ""
) -> None:
    """Refuse an argument unless all its entries are fine; say which is not, and what is allowed.

    Parameters
    ----------
    name : str
        The argument's name.
    values : ndarray
        Its entries.
    fine : ndarray of bool
        Which of them are as they should be, of the same shape.
    allowed : str
        What they must be, as in "at least 0".
    hint : str, optional
        What the caller may have meant.

    Raises
    ------
    ValueError
        If not all are fine.
    """
    if not np.all(fine):
        refuse(name, values, int(np.argmin(fine)), allowed, hint)


def refuse(name: str, values: NDArray[Any], place: int, allowed: str, hint: str = "") -> NoReturn:
    """Refuse the entry of an argument that stands at a place of its flat form."""
    where = _position(np.shape(values), place)
    got = np.asarray(values).flat[place]
    raise ValueError(f"{name} must be {allowed}, got {got:.12g}{where}{hint}")


def _position(shape: tuple[int, ...], place: int) -> str:
    """Say where an entry stands, counted from 0: nothing for a scalar."""
    if not shape:
        return ""
    if len(shape) == 1:
        return f" at position {place}"
    index = tuple(int(i) for i in np.unravel_index(place, shape))
    if len(shape) == 2:
        return f" at row {index[0]}, column {index[1]}"
    return f" at index {index}"


def fitting(
    name: str, given: float, count: float, *, most: int = MOST_NUMBERS, things: str = "numbers"
) -> None:
    """Refuse an argument that asks for more than a machine holds, or does while one waits.

    Parameters
    ----------
    name : str
        The argument's name.
    given : float
        Its value.
    count : float
        How many numbers it asks for.
    most : int, optional
        How many it may.
    things : str, optional
        What is counted, where it takes time rather than memory.

    Raises
    ------
    ValueError
        If they are more than `most`; the message says how many, and how much memory numbers take.
    """
    if not count <= most:
        size = f" ({count * 8 / 1e9:.3g} GB)" if things == "numbers" else ""
        raise ValueError(
            f"{name} must ask for at most {most:,} {things}, got {given:.12g}, "
            f"which asks for {count:.3g}{size}"
        )


def one_of(name: str, value: Any, words: Iterable[str]) -> str:
    """Return an argument that must be one of some words."""
    allowed = [*words]
    if not isinstance(value, str) or value not in allowed:
        said = (
            f"one of {', '.join(allowed)}" if len(allowed) > 2 else " or ".join(map(repr, allowed))
        )
        raise ValueError(f"{name} must be {said}, got {value!r}")
    return value


def codes(name: str, value: Any, words: Iterable[str]) -> Any:
    """Return words, each one of some, as their places among these; labels stay.

    Parameters
    ----------
    name : str
        The argument's name.
    value : str or array_like of str
        What the caller gave.
    words : iterable of str
        What is allowed.

    Returns
    -------
    int, ndarray, Series or DataFrame

    Raises
    ------
    ValueError
        If there is none, or one is not allowed.
    """
    refuse_masked(name, value)
    given = np.asarray(value, dtype=object)
    if given.size == 0:
        raise ValueError(f"{name} is empty: at least one word is needed")
    places = {word: place for place, word in enumerate(words)}
    for word in given.flat:
        if str(word) not in places:
            raise ValueError(f"{name} must be one of {', '.join(places)}, got {word!r}")
    found = np.array([places[str(word)] for word in given.flat]).reshape(given.shape)
    if isinstance(value, pd.DataFrame):
        return pd.DataFrame(found, value.index, value.columns)
    if isinstance(value, pd.Series):
        return pd.Series(found, value.index)
    return found if found.ndim else int(found)


def by_name(name: str, value: Any) -> dict[Any, Any]:
    """Return an argument that names its entries: a dict, a Series, or the columns of a frame."""
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, pd.Series | pd.DataFrame) and value.axes[-1].is_unique:
        return dict(value.items())
    raise ValueError(
        f"{name} must have a name for each entry, as a dict or a Series has, got {value!r}"
    )


def number(
    name: str,
    value: Any,
    *,
    above: float | None = None,
    at_least: float | None = None,
    at_most: float | None = None,
) -> float:
    """Return an argument that must be one number."""
    if np.ndim(bare(name, value)) != 0:
        raise ValueError(f"{name} must be one number, got {value!r}")
    return float(numbers(name, value, above=above, at_least=at_least, at_most=at_most))


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
    """Return an argument of whole numbers, such as years; ``0.3 / 0.1`` is taken for 3."""
    given = numbers(name, value)
    whole = to_whole(given)
    fine = (whole == np.rint(whole)) & (whole >= at_least)
    require(name, given, fine, f"a whole number of at least {at_least:g}")
    return whole


def whole_number(name: str, value: Any, *, at_least: float = 1) -> int:
    """Return one whole number, at least 1 unless told otherwise."""
    return int(whole_numbers(name, number(name, value), at_least=at_least))


def row(name: str, value: Any, *, at_least: float | None = None) -> Floats:
    """Return a row of numbers; one number is a row of one."""
    given = np.atleast_1d(numbers(name, value, at_least=at_least))
    if given.ndim != 1:
        raise ValueError(f"{name} must be a row of numbers, got the shape {given.shape}")
    return given
